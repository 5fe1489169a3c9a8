# The steps of the sample pipelines, run as the services run them, and what the services would read of them.
BeforeDiscovery {
    $hasPython = $null -ne (Get-Command python3 -ErrorAction Ignore)
    $hasAzurite = $null -ne (Get-Command node -ErrorAction Ignore) -and (Test-Path $PSScriptRoot/../node_modules/azurite)
}
BeforeAll {
    . $PSScriptRoot/Support.ps1

    # The scripts of a sample's steps that are more than a line: training, then checking out.
    function Get-Step([string] $Sample, [string] $Key) {
        $text = Get-Content -Raw "$root/samples/$Sample"
        $deeper = ' ' * ($Key.StartsWith('- ') ? 4 : 2)
        [regex]::Matches($text, "(?m)^(?<indent> +)$Key`: \|\n(?<script>(?:\k<indent>$deeper.+\n)+)").ForEach{
            $_.Groups['script'].Value -replace '(?m)^ {6,10}', ''
        }
    }

    # What a checkout has after the build, to train in; the module is installed there, too.
    function Enter-Checkout {
        $directory = Enter-Project
        $null = New-Item "$directory/modules/Replicate" -ItemType Directory
        foreach ($name in 'Replicate.psd1', 'module', 'bin') {
            foreach ($place in $directory, "$directory/modules/Replicate") {
                $null = New-Item "$place/$name" -ItemType SymbolicLink -Value "$root/$name"
            }
        }
        Copy-Item $root/samples $directory -Recurse
        $directory
    }

    # Runs a step in a process of its own that has only the service's variables beside the usual ones.
    function Invoke-Step([string] $Script, [hashtable] $Variables, [string] $End) {
        $file = "$([IO.Path]::GetFullPath("$PWD/step.ps1"))"
        Set-Content $file "`$ErrorActionPreference = 'stop'`n$Script`n$End"
        $names = 'TF_BUILD', 'GITHUB_ACTIONS', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'AGENT_TEMPDIRECTORY', 'CHECKPOINT', 'ARTIFACTS',
            'REPLICATE_REPOSITORY', 'AZURE_STORAGE_BLOB_ENDPOINT', 'AZURE_STORAGE_KEY', 'PSModulePath', 'PATH'
        $before = @{}
        foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
        try {
            foreach ($name in $names) {
                if ($name -notlike '*Path' -or $Variables.ContainsKey($name)) { [Environment]::SetEnvironmentVariable($name, $Variables[$name]) }
            }
            $lines = & "$PSHOME/pwsh" -NoLogo -NoProfile -NonInteractive -Command ". '$file'" 2>&1 | ForEach-Object ToString
            [pscustomobject]@{ Lines = $lines; ExitCode = $LASTEXITCODE }
        }
        finally {
            foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        }
    }

    # A python3 that fails.
    function Get-FailingPath {
        $directory = (New-Item "TestDrive:/$([guid]::NewGuid())" -ItemType Directory).FullName
        Set-Content $directory/python3 "#!/bin/sh`necho no data >&2`nexit 3"
        chmod +x $directory/python3
        "${directory}:$env:PATH"
    }

    $azureEnd = 'if (!(Test-Path -LiteralPath variable:\LASTEXITCODE)) { } else { exit $LASTEXITCODE }'
    $gitHubEnd = 'if ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit $LASTEXITCODE }'
}
AfterAll { Exit-Project }

Describe 'The sample for Azure DevOps' -Tag 'Needs Python' -Skip:(-not $hasPython) {
    BeforeEach {
        $checkout = Enter-Checkout
        $train, $restore = Get-Step azure-pipelines.yml inlineScript
        $variables = @{
            TF_BUILD = 'True'; AGENT_TEMPDIRECTORY = (New-Item "$checkout/_temp" -ItemType Directory).FullName
            PSModulePath = "$checkout/modules"
        }
    }

    It 'groups the log, sets output variables, attaches a summary and checks out the best model' {
        $step = Invoke-Step $train $variables $azureEnd
        $step.ExitCode | Should -Be 0
        @($step.Lines -match '^##\[group\]Invoke-ReplicateExperiment python3').Count | Should -Be 1
        $step.Lines | Should -Contain '##[endgroup]'
        $outputs = @{}
        foreach ($line in $step.Lines -match '^##vso\[task.setvariable ') {
            $null = $line -match 'variable=(\w+);isOutput=true\](.*)$'
            $outputs[$Matches[1]] = $Matches[2]
        }
        $outputs.ReplicateStatus | Should -Be Completed
        $outputs.ReplicateExperimentId | Should -Match '^[0-9a-f]{64}$'
        $null = "$($step.Lines -match '^##vso\[task.uploadsummary\]')" -match '\](.*)$'
        Get-Content -Raw $Matches[1] | Should -Match '\*\*val_loss\*\*'

        $variables += @{ CHECKPOINT = $outputs.ReplicateBestCheckpointId; ARTIFACTS = "$checkout/_out" }
        $second = Invoke-Step $restore $variables $azureEnd
        $second.ExitCode | Should -Be 0 -Because ($second.Lines -join "`n")
        "$checkout/_out/model/weights.txt" | Should -Exist
        (Import-Csv $checkout/_out/experiments.csv).Id | Should -Be $outputs.ReplicateExperimentId
        ([xml](Get-Content -Raw $checkout/_out/val_loss.svg)).svg.title | Should -Not -BeNullOrEmpty
        Get-Content -Raw $checkout/_out/report.html | Should -Match '<title>'
    }

    It 'fails with the run' {
        $step = Invoke-Step $train ($variables + @{ PATH = Get-FailingPath }) $azureEnd
        $step.ExitCode | Should -Not -Be 0
        @($step.Lines -match '^##vso\[task.logissue type=error\].* exit code 3').Count | Should -Be 1
        @($step.Lines -match 'variable=ReplicateStatus;isOutput=true\]Failed').Count | Should -Be 1
    }

    It 'reports after a failure what the container holds' -Tag 'Needs Azurite' -Skip:(-not $hasAzurite) {
        $start = [Diagnostics.ProcessStartInfo]::new('node', [string[]] ('azurite.js', "$checkout/_azurite", ($port = Get-Random -Minimum 30000 -Maximum 32000)))
        $start.WorkingDirectory = "$root/tests/servers"
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $server = [Diagnostics.Process]::Start($start)
        try {
            $server.StandardOutput.ReadLine() | Should -Be ready
            $variables += @{
                REPLICATE_REPOSITORY = 'az://tester/experiments/samples'; AZURE_STORAGE_BLOB_ENDPOINT = "http://127.0.0.1:$port"
                AZURE_STORAGE_KEY = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('testing'))
            }
            (Invoke-Step $train $variables $azureEnd).ExitCode | Should -Be 0
            (Invoke-Step $train ($variables + @{ PATH = Get-FailingPath }) $azureEnd).ExitCode | Should -Not -Be 0

            $artifacts = (New-Item "$checkout/_out" -ItemType Directory).FullName
            $variables += @{ CHECKPOINT = '$(train.ReplicateBestCheckpointId)'; ARTIFACTS = $artifacts }
            $report = Invoke-Step $restore $variables $azureEnd
            $report.ExitCode | Should -Be 0 -Because ($report.Lines -join "`n")
            (Import-Csv $checkout/_out/experiments.csv).Status | Sort-Object | Should -Be Completed, Failed
            "$checkout/_out/report.html" | Should -Exist
            "$checkout/_out/model" | Should -Not -Exist
        }
        finally {
            $server.StandardInput.Close()
            $server.WaitForExit()
        }
    }
}

Describe 'The sample for GitHub Actions' -Tag 'Needs Python' -Skip:(-not $hasPython) {
    BeforeEach {
        $checkout = Enter-Checkout
        $train, $restore = Get-Step github-workflow.yml run
        $variables = @{ GITHUB_ACTIONS = 'true'; GITHUB_OUTPUT = "$checkout/output"; GITHUB_STEP_SUMMARY = "$checkout/summary.md" }
    }

    It 'groups the log, writes outputs and a summary, and checks out the best model' {
        $step = Invoke-Step $train $variables $gitHubEnd
        $step.ExitCode | Should -Be 0
        @($step.Lines -match '^::group::Invoke-ReplicateExperiment python3').Count | Should -Be 1
        $step.Lines | Should -Contain '::endgroup::'
        $outputs = Get-Content -Raw $checkout/output | ConvertFrom-StringData
        $outputs.ReplicateStatus | Should -Be Completed
        Get-Content -Raw $checkout/summary.md | Should -Match '\*\*val_loss\*\*'

        $variables += @{ CHECKPOINT = $outputs.ReplicateBestCheckpointId; ARTIFACTS = "$checkout/_out" }
        (Invoke-Step $restore $variables $gitHubEnd).ExitCode | Should -Be 0
        "$checkout/_out/model/weights.txt", "$checkout/_out/val_loss.svg", "$checkout/_out/report.html" | Should -Exist
    }

    It 'fails with the run' {
        $step = Invoke-Step $train ($variables + @{ PATH = Get-FailingPath }) $gitHubEnd
        $step.ExitCode | Should -Not -Be 0
        @($step.Lines -match '^::error title=replicate::.* exit code 3').Count | Should -Be 1
        Get-Content $checkout/output | Should -Contain 'ReplicateStatus=Failed'
        Get-Content -Raw $checkout/summary.md | Should -Match 'no data'
    }
}
