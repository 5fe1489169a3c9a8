#!/usr/bin/env pwsh
# Draws docs/images/terminal.svg from the real thing: types commands into a PowerShell inside tmux, and draws the screen.
# Needs a build of the checkout and tmux: pwsh tools/Pictures/terminal.ps1
[CmdletBinding()]
param(
    [string] $OutFile = "$PSScriptRoot/../../docs/images/terminal.svg",
    [string] $Module = "$PSScriptRoot/../../Replicate.psd1",
    [int] $Columns = 96
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
    $screen = Invoke-Tmux capture-pane -t picture -e -p
    ConvertTo-TerminalSvg $screen -Columns $Columns | Set-Content $OutFile
}
finally {
    Invoke-Tmux kill-server
    Remove-Item $directory -Recurse -Force
}
