# Runs a training program as an experiment, for a step of a pipeline: the task of Azure DevOps and the action of GitHub call it
# with their inputs as environment variables, INPUT_COMMAND and so on. It ends with the program's exit code.
param(
    # The module's manifest; a name imports what is installed.
    [string] $Module = 'Replicate'
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

# An input, or null where it is empty.
function Get-Input([string] $Name) {
    $value = [Environment]::GetEnvironmentVariable("INPUT_$($Name.ToUpperInvariant())")
    if (-not [string]::IsNullOrWhiteSpace($value)) { $value.Trim() }
}

# An input of a line for each value.
function Get-Lines([string] $Name) {
    @((Get-Input $Name) -split '\r?\n' | ForEach-Object Trim | Where-Object { $_ })
}

# What a line says after 'name=': a number, true or false, or text.
function ConvertTo-Param([string] $Text) {
    $number = 0.0
    if ($Text -match '^-?\d+$') { [long] $Text }
    elseif ([double]::TryParse($Text, 'Float', [cultureinfo]::InvariantCulture, [ref] $number)) { $number }
    elseif ($Text -in 'true', 'false') { $Text -eq 'true' }
    else { $Text }
}

$command = Get-Input command
if (-not $command) { throw "The input 'command' is empty. Say how the training program is started, as in: python train.py" }

$options = @{}
$params = [ordered] @{}
foreach ($line in Get-Lines params) {
    $name, $value = $line -split '\s*=\s*', 2
    if ($null -eq $value) { throw "The line '$line' of the input 'params' is not of the form name=value." }
    $params[$name] = ConvertTo-Param $value
}
if ($params.Count -gt 0) { $options.Params = $params }
foreach ($name in 'Path', 'CheckpointPath', 'CsvFile', 'JsonFile', 'TensorBoard', 'Pattern', 'Tag') {
    $values = Get-Lines $name
    if ($values) { $options[$name] = $values }
}
foreach ($name in 'PrimaryMetric', 'Goal', 'Repository', 'Note') {
    $value = Get-Input $name
    if ($value) { $options[$name] = $value }
}
if ((Get-Input JsonLines) -eq 'true') { $options.JsonLines = $true }

$directory = Get-Input workingDirectory
if ($directory) { Set-Location -LiteralPath $directory }
Import-Module $Module

# A run that fails is an error of the cmdlet that does not end this script: the summary comes first, then the exit code.
$global:LASTEXITCODE = 0
Invoke-ReplicateExperiment @options ([scriptblock]::Create($command)) -ErrorAction Continue -OutVariable runs | Out-Null
$code = $LASTEXITCODE

# The service's summary of the run is followed by its plot.
$metric = (Get-Input plotMetric) ?? (Get-Input primaryMetric)
$plotted = @($runs | Where-Object { $_.Checkpoints.Count -gt 1 })
if ($plotted -and $metric) {
    $PSStyle.OutputRendering = 'PlainText'
    $plot = try { ($plotted | Show-ReplicatePlot $metric -Width 100 -Height 14 6>&1 | Out-String -Width 120).TrimEnd() } catch { "No plot: $_" }
    $text = "### $metric`n`n``````text`n$plot`n```````n"
    if ($env:TF_BUILD -eq 'true') {
        $directory = $env:AGENT_TEMPDIRECTORY ? $env:AGENT_TEMPDIRECTORY : [IO.Path]::GetTempPath()
        $file = Join-Path $directory "replicate-$($plotted[0].ShortId)-plot.md"
        Set-Content -LiteralPath $file $text
        "##vso[task.uploadsummary]$file"
    }
    elseif ($env:GITHUB_STEP_SUMMARY) {
        Add-Content -LiteralPath $env:GITHUB_STEP_SUMMARY $text
    }
    else {
        $plot
    }
}
exit $code
