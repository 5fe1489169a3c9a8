#!/usr/bin/env pwsh
# Draws docs/images/report.png from the real thing: a report of a few runs of the Iris sample, opened in Chromium.
# Needs a build of the checkout and Chromium: pwsh tools/Pictures/report.ps1
[CmdletBinding()]
param(
    [string] $OutFile = "$PSScriptRoot/../../docs/images/report.png",
    [string] $Module = "$PSScriptRoot/../../Replicate.psd1",
    [string] $Chromium = 'chromium'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module
$directory = New-Item (Join-Path ([IO.Path]::GetTempPath()) "iris-$PID") -ItemType Directory
try {
    Copy-Item "$PSScriptRoot/../../samples/iris/*" $directory -Include train.ps1, iris.csv, replicate.yaml
    Push-Location $directory
    foreach ($rate in 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1) {
        foreach ($epochs in 20, 60) {
            $null = ./train.ps1 -LearningRate $rate -NumEpochs $epochs
        }
    }
    Export-ReplicateReport report.html -Title Iris
    $chosen = Get-ReplicateExperiment -Sort loss | Select-Object -Index 0, 5, 9, 13 | ForEach-Object { "&chosen=$($_.ShortId)" }
    & $Chromium --headless --no-sandbox --hide-scrollbars --window-size=1280,1270 --virtual-time-budget=10000 `
        "--screenshot=$OutFile" "file://$directory/report.html#sort=metrics.loss-asc&size=20$(-join $chosen)" 2>$null
}
finally {
    Pop-Location
    Remove-Item $directory -Recurse -Force
}
