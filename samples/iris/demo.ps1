#!/usr/bin/env pwsh
# Trains twice with different learning rates, lists, compares and checks out the better model.
[CmdletBinding()]
param([string] $OutputDirectory = "$PSScriptRoot/../../out/demo")
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../Replicate.psd1

if (Test-Path $OutputDirectory) { Remove-Item $OutputDirectory -Recurse -Force }
$null = New-Item $OutputDirectory -ItemType Directory
Copy-Item $PSScriptRoot/train.ps1, $PSScriptRoot/iris.csv, $PSScriptRoot/replicate.yaml $OutputDirectory

$steps = @(
    { ./train.ps1 -LearningRate 0.01 }
    { ./train.ps1 -LearningRate 0.3 }
    { Get-ReplicateExperiment }
    { $better, $worse = Get-ReplicateExperiment -Filter 'loss != null' | Sort-Object loss }
    { Compare-ReplicateCheckpoint $worse.Id $better.Id }
    { $better.Best() | Restore-ReplicateCheckpoint -OutputDirectory better-model }
    { Get-Content better-model/model.json }
)
Push-Location $OutputDirectory
try {
    # Each step is shown as it would be typed, then runs.
    foreach ($step in $steps) {
        "`nPS> $("$step".Trim())"
        . $step | Out-String -Stream | Where-Object { $_ }
    }
    "`nThe repository is $(Resolve-Path .replicate): look at it with Get-ReplicateExperiment in $PWD."
}
finally {
    Pop-Location
}
