# What the test files share: dot-sourced in their BeforeAll.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
$manifest = "$root/Replicate.psd1"

# Local state of their own: nothing is left in the user's.
if (-not $env:REPLICATE_STATE) {
    $env:REPLICATE_STATE = [IO.Directory]::CreateTempSubdirectory('replicate-state-').FullName
}
Import-Module $manifest

$start = Get-Location
$projects = [Collections.Generic.List[string]]::new()

# A new project directory, which becomes the working directory. Not on TestDrive: of that Pester deletes at the end of each
# block what is new there, and so the journal that is just being taken up in the background under another name.
function Enter-Project {
    $directory = [IO.Directory]::CreateTempSubdirectory('replicate-test-').FullName
    $projects.Add($directory)
    Set-Location $directory
    $directory
}

# Goes back to where the test file began, and deletes its projects and what lies beside them.
function Exit-Project {
    Set-Location $start
    $projects | ForEach-Object { Remove-Item "$_*" -Recurse -Force -ErrorAction SilentlyContinue }
}

# Runs a script in a PowerShell of its own that has the module, in the working directory; its output, errors included.
function Invoke-Pwsh([string] $Script, [string[]] $Arguments = @()) {
    $file = "$(New-Item "TestDrive:/$([guid]::NewGuid())" -ItemType Directory)/run.ps1"
    Set-Content $file $Script
    pwsh -NoProfile -NonInteractive -File $file @Arguments 2>&1
}

# The lines that a person sees in a terminal of that width.
function Get-View([object[]] $InputObject, [int] $Width = 80, [scriptblock] $Format = { $input }) {
    $PSStyle.OutputRendering = 'PlainText'
    $env:COLUMNS = $Width
    @(($InputObject | & $Format | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ })
}

# The error that a script block ends with.
function Get-Failure([scriptblock] $Script) {
    try { $null = & $Script } catch { return $_ }
    throw 'Nothing failed.'
}

# Makes the working directory a project with three experiments of two checkpoints each, the last of which failed.
function Add-SampleExperiment {
    Set-Content replicate.yaml 'repository: file://.replicate'
    foreach ($rate in 0.01, 0.1, 0.3) {
        Set-Content train.py "print('training with $rate')"
        $experiment = New-ReplicateExperiment -Params @{ learning_rate = $rate; num_epochs = 20 } -Path .
        foreach ($epoch in 10, 20) {
            $loss = 1 / $epoch + $rate
            @{ loss = $loss } | ConvertTo-Json | Set-Content model.json
            $experiment | Add-ReplicateCheckpoint -Step $epoch -Path model.json -PrimaryMetric loss -Goal minimize -Metrics @{
                loss = $loss; accuracy = 1 - $loss
            }
        }
        $experiment | Stop-ReplicateExperiment -ExitCode ([int]($rate -eq 0.3))
    }
}
