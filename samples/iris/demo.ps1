#!/usr/bin/env pwsh
# Trains twice with different learning rates, lists, compares and checks out the better model.
[CmdletBinding()]
param([string] $OutputDirectory = "$PSScriptRoot/../../out/demo")
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $PSScriptRoot/../../Replicate.psd1

# Shows a command as it would be typed, then what it says.
function Show([scriptblock] $Command) {
    "`nPS> $("$Command".Trim())"
    . $Command | Out-String -Stream | Where-Object { $_ }
}

if (Test-Path $OutputDirectory) { Remove-Item $OutputDirectory -Recurse -Force }
$null = New-Item $OutputDirectory -ItemType Directory
Copy-Item $PSScriptRoot/train.ps1, $PSScriptRoot/iris.csv, $PSScriptRoot/replicate.yaml $OutputDirectory
Push-Location $OutputDirectory
try {
    Show { ./train.ps1 -LearningRate 0.01 }
    Show { ./train.ps1 -LearningRate 0.3 }
    Show { Get-ReplicateExperiment }
    Show { $better, $worse = Get-ReplicateExperiment -Filter 'loss != null' | Sort-Object loss }
    Show { Compare-ReplicateCheckpoint $worse.Id $better.Id }
    # The larger rate overshoots: its best checkpoint is not its last, and the best is what is checked out.
    Show { $better.Best() | Restore-ReplicateCheckpoint -OutputDirectory better-model }
    Show { Get-Content better-model/model.json }
    "`nThe repository is in $(Resolve-Path .replicate): look at it with Get-ReplicateExperiment in $PWD."
}
finally {
    Pop-Location
}
