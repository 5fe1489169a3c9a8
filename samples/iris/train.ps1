#!/usr/bin/env pwsh
# Trains a softmax regression on the Iris data, in plain PowerShell, as an experiment of Replicate.
[CmdletBinding()]
param(
    [double] $LearningRate = 0.01,
    [int] $NumEpochs = 100
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
if (-not (Get-Module Replicate)) { Import-Module Replicate }

# For each species the weights of the four measurements, then the bias.
$species = 'setosa', 'versicolor', 'virginica'
$weights = foreach ($name in $species) { , [double[]]::new(5) }

function Get-Probability([double[]] $Measurement) {
    $scores = foreach ($row in $weights) {
        $score = $row[4]
        for ($i = 0; $i -lt 4; $i++) { $score += $row[$i] * $Measurement[$i] }
        $score
    }
    $highest = ($scores | Measure-Object -Maximum).Maximum
    $powers = foreach ($score in $scores) { [Math]::Exp($score - $highest) }
    $sum = $powers[0] + $powers[1] + $powers[2]
    foreach ($power in $powers) { $power / $sum }
}

$flowers = foreach ($row in Import-Csv $PSScriptRoot/iris.csv) {
    @{
        Measurement = [double[]] ($row.sepal_length, $row.sepal_width, $row.petal_length, $row.petal_width)
        Class       = $species.IndexOf($row.species)
    }
}
# Every fifth flower is kept to measure the accuracy with.
$training = for ($n = 0; $n -lt $flowers.Count; $n++) { if ($n % 5 -ne 4) { $flowers[$n] } }
$held = for ($n = 4; $n -lt $flowers.Count; $n += 5) { $flowers[$n] }

# Every measurement is brought to mean 0 and standard deviation 1 over the training flowers.
for ($i = 0; $i -lt 4; $i++) {
    $statistics = $training | ForEach-Object { $_.Measurement[$i] } | Measure-Object -Average -StandardDeviation
    foreach ($flower in $flowers) {
        $flower.Measurement[$i] = ($flower.Measurement[$i] - $statistics.Average) / $statistics.StandardDeviation
    }
}

$experiment = New-ReplicateExperiment -Path . -Params @{ learning_rate = $LearningRate; num_epochs = $NumEpochs }
try {
    for ($epoch = 1; $epoch -le $NumEpochs; $epoch++) {
        $loss = 0.0
        $gradient = foreach ($name in $species) { , [double[]]::new(5) }
        foreach ($flower in $training) {
            $measurement = $flower.Measurement
            $probability = Get-Probability $measurement
            $loss -= [Math]::Log($probability[$flower.Class])
            for ($c = 0; $c -lt 3; $c++) {
                $errorOfClass = $probability[$c] - [int]($c -eq $flower.Class)
                $row = $gradient[$c]
                for ($i = 0; $i -lt 4; $i++) { $row[$i] += $errorOfClass * $measurement[$i] }
                $row[4] += $errorOfClass
            }
        }
        for ($c = 0; $c -lt 3; $c++) {
            for ($i = 0; $i -lt 5; $i++) {
                $weights[$c][$i] -= $LearningRate * $gradient[$c][$i] / $training.Count
            }
        }
        if ($epoch % 10) { continue }

        $right = @($held | Where-Object {
            $probability = Get-Probability $_.Measurement
            $probability.IndexOf(($probability | Measure-Object -Maximum).Maximum) -eq $_.Class
        }).Count
        $weights | ConvertTo-Json -Compress | Set-Content model.json
        $metrics = @{ loss = $loss / $training.Count; accuracy = $right / $held.Count }
        $experiment | Add-ReplicateCheckpoint -Step $epoch -Metrics $metrics -Path model.json -PrimaryMetric loss -Goal minimize
        "epoch ${epoch}: loss=$($metrics.loss), accuracy=$($metrics.accuracy)"
    }
    $experiment | Stop-ReplicateExperiment
}
catch {
    $experiment | Stop-ReplicateExperiment -ExitCode 1
    throw
}
