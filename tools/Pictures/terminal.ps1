#!/usr/bin/env pwsh
# Draws docs/images/terminal.svg and prompt.svg from the real thing: types commands into a PowerShell inside tmux, and draws the
# screen. Needs a build of the checkout and tmux: pwsh tools/Pictures/terminal.ps1
[CmdletBinding()]
param(
    [string] $OutDirectory = "$PSScriptRoot/../../docs/images",
    [string] $Module = "$PSScriptRoot/../../Replicate.psd1",
    [int] $Columns = 104
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/ConvertTo-TerminalSvg.ps1

$tmux = 'tmux', '-L', "replicate-picture-$PID"
function Invoke-Tmux { & $tmux[0] $tmux[1] $tmux[2] @args }

# Returns when the shell inside has printed its next prompt.
function Wait-Prompt {
    Invoke-Tmux wait-for prompt
    Start-Sleep -Milliseconds 500
}

function Send-Line([string] $Line) {
    Invoke-Tmux send-keys -t picture -l $Line
    Start-Sleep -Milliseconds 300
    Invoke-Tmux send-keys -t picture Enter
    Wait-Prompt
}

function Save-Screen([string] $Name) {
    ConvertTo-TerminalSvg (Invoke-Tmux capture-pane -t picture -e -p) -Columns $Columns | Set-Content (Join-Path $OutDirectory $Name)
}

Import-Module $Module
$directory = Join-Path ([IO.Path]::GetTempPath()) "iris-$PID"
$null = New-Item $directory -ItemType Directory
$setup = Join-Path $directory 'setup.ps1'
try {
    Copy-Item "$PSScriptRoot/../../samples/iris/*" $directory -Include train.ps1, iris.csv, replicate.yaml
    Set-Content $setup @"
Set-PSReadLineOption -PredictionSource None -HistorySaveStyle SaveNothing
Import-Module '$(Resolve-Path $Module)'
Remove-Item '$setup'
function prompt { tmux wait-for -S prompt; 'PS> ' }
`$null = ./train.ps1 -LearningRate 0.01
(Get-Content train.ps1).Replace('[Math]::Log(', '[Math]::Log(1e-12 + ') | Set-Content train.ps1
`$null = ./train.ps1 -LearningRate 0.1
Clear-Host
"@
    $shell = "env TERM=xterm-256color pwsh -NoLogo -NoProfile -NoExit -File '$setup'"
    Invoke-Tmux -f /dev/null new-session -d -s picture -x $Columns -y 60 -c $directory $shell
    Wait-Prompt
    Send-Line './train.ps1 -LearningRate 0.3 | Select-Object -Last 2'
    Send-Line 'Get-ReplicateExperiment'
    $worst, $better = Get-ReplicateExperiment -ProjectDirectory $directory -Sort loss-desc | Select-Object -First 1 -Last 1
    Send-Line "Compare-ReplicateCheckpoint $($worst.ShortId) $($better.ShortId) | Where-Object Section -in Params, Metrics"
    Send-Line "Restore-ReplicateCheckpoint $($better.ShortId) -OutputDirectory better-model"
    Save-Screen terminal.svg

    Send-Line 'Clear-Host'
    Send-Line 'Get-ReplicateExperiment -Sort loss'
    Send-Line 'Get-ReplicateExperiment | Show-ReplicatePlot loss -Height 14'
    Send-Line "(Compare-ReplicateCheckpoint $($worst.ShortId) $($better.ShortId) -File | Where-Object Name -eq train.ps1).Diff | Select-Object -First 12"
    Save-Screen prompt.svg
}
finally {
    Invoke-Tmux kill-server
    Remove-Item $directory -Recurse -Force
}
