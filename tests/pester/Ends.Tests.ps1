# How runs of blocks and programs end: exit codes, what is named in errors, what is recorded as the command in a pipeline.
BeforeAll {
    . $PSScriptRoot/Support.ps1

    # The exit code that a shell has after a run, the recorded one, its status, and the last line of what was recorded of its errors.
    function Get-End([scriptblock] $Run, [switch] $NativeErrors) {
        $PSNativeCommandUseErrorActionPreference = [bool] $NativeErrors
        $null = Enter-Project
        try { & $Run *> $null } catch { $script:failure = $_ }
        $code = $global:LASTEXITCODE
        $experiment = Get-ReplicateExperiment
        "$code $($experiment.ExitCode) $($experiment.Status) $(($experiment.ErrorOutput -split "`n")[-1])"
    }
}
AfterAll { Exit-Project }

Describe 'The exit code of a block' -Tag 'Needs a Unix shell' -Skip:$IsWindows {
    It 'is that of the program which failed, where its failure is an error: <Code>' -ForEach @(
        @{ Code = 137; Status = 'Failed' }, @{ Code = 1; Status = 'Failed' }, @{ Code = 255; Status = 'Failed' }, @{ Code = 130; Status = 'Interrupted' }
    ) {
        Get-End -NativeErrors { Invoke-ReplicateExperiment { sh -c "echo loss=1; echo out of memory >&2; exit $Code" } } | Should -Be "$Code $Code $Status out of memory"
        $failure.Exception.Message | Should -Match ": out of memory$"
    }

    It 'is that of the program in the middle of a pipeline' {
        Get-End -NativeErrors { Invoke-ReplicateExperiment { 'in' | sh -c 'cat; echo boom >&2; exit 9' | ForEach-Object { "loss=1 $_" } } } | Should -Be '9 9 Failed boom'
    }

    It 'is that of the program where a function, a script or an error thrown again lies between: <Name>' -ForEach @(
        @{ Name = 'function'; Run = { Invoke-ReplicateExperiment { function Train { sh -c 'exit 7' }; Train } } }
        @{ Name = 'script'; Run = { Set-Content train.ps1 'sh -c "exit 7"'; Invoke-ReplicateExperiment { ./train.ps1 } } }
        @{ Name = 'again'; Run = { Invoke-ReplicateExperiment { try { sh -c 'exit 7' } catch { throw } } } }
        @{ Name = 'another'; Run = { Invoke-ReplicateExperiment { try { sh -c 'exit 7' } catch { throw "training failed: $_" } } } }
        @{ Name = 'inner'; Run = { Invoke-ReplicateExperiment { try { sh -c 'exit 7' } catch { throw [InvalidOperationException]::new('it failed', $_.Exception) } } } }
    ) {
        Get-End -NativeErrors $Run | Should -Match '^7 7 Failed '
    }

    It 'is that of the program which a script then complains of' {
        Get-End { Invoke-ReplicateExperiment { sh -c 'exit 12'; if ($LASTEXITCODE) { throw 'The training failed.' } } } | Should -Be '12 12 Failed The training failed.'
    }

    It 'is 1 where no program failed' {
        Get-End { Invoke-ReplicateExperiment { sh -c 'exit 0'; throw 'no data' } } | Should -Be '1 1 Failed no data'
        Get-End { Invoke-ReplicateExperiment { Get-Item /nonexistent/file } } | Should -Match '^1 1 Failed Cannot find path'
    }

    It 'is what the block says by exit, which ends the shell' {
        $null = Enter-Project
        $null = Invoke-Pwsh "Import-Module '$manifest'; Set-Location '$PWD'; Invoke-ReplicateExperiment { 'loss=1'; exit 42 }"
        (Get-ReplicateExperiment).ExitCode | Should -Be 42
    }

    It 'is that of the program in each run of a sweep side by side' {
        $null = Enter-Project
        $null = Invoke-Pwsh @"
            Import-Module '$manifest'; Set-Location '$PWD'
            Invoke-ReplicateExperiment -Params @{ code = 3, 4 } -Grid -Throttle 2 {
                `$PSNativeCommandUseErrorActionPreference = `$true; `$ErrorActionPreference = 'Stop'
                sh -c "exit `$(`$_.code)"
            }
"@
        (Get-ReplicateExperiment | ForEach-Object { "$($_.Params.code)=$($_.ExitCode)" } | Sort-Object) -join ' ' | Should -Be '3=3 4=4'
    }
}

Describe 'The command that is recorded' -Tag 'Needs a Unix shell' -Skip:$IsWindows {
    BeforeAll {
        # Runs a step as an agent does, from a script of its own making.
        function Invoke-AgentStep([string] $Step, [hashtable] $Variables) {
            $project = Enter-Project
            $file = "$project/_temp/$([guid]::NewGuid()).ps1"
            $null = New-Item -ItemType Directory "$project/_temp"
            Set-Content $file "`$ErrorActionPreference = 'stop'`nImport-Module '$manifest'`nSet-Location '$project'`n$Step`n"
            $before = @{}
            foreach ($name in $Variables.Keys) {
                $before[$name] = [Environment]::GetEnvironmentVariable($name)
                [Environment]::SetEnvironmentVariable($name, ($Variables[$name] -replace '^_temp$', "$project/_temp"))
            }
            try { $null = & "$PSHOME/pwsh" -NoLogo -NoProfile -NonInteractive -Command ". '$file'" 2>&1 }
            finally { foreach ($name in $Variables.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
            Get-ReplicateExperiment
        }
        $azure = @{
            TF_BUILD = 'True'; AGENT_TEMPDIRECTORY = '_temp'; BUILD_BUILDNUMBER = '20261127.3'; BUILD_BUILDID = '77'
            SYSTEM_TEAMFOUNDATIONCOLLECTIONURI = 'https://dev.azure.com/org/'; SYSTEM_TEAMPROJECT = 'p'
        }
        $gitHub = @{ GITHUB_ACTIONS = 'true'; RUNNER_TEMP = '_temp'; GITHUB_RUN_NUMBER = '41'; GITHUB_RUN_ID = '123'; GITHUB_SERVER_URL = 'https://github.com'; GITHUB_REPOSITORY = 'o/r' }
    }

    It 'is the training program in a step: <Expected>' -ForEach @(
        @{ Step = 'Invoke-ReplicateExperiment { sh -c "echo loss=1" }'; Expected = 'sh -c "echo loss=1"' }
        @{ Step = 'Invoke-ReplicateExperiment { mkdir -p out; sh train.sh --lr 0.1 2>&1 | Tee-Object log; tar -cf x.tar out }'; Expected = 'sh train.sh --lr 0.1' }
        @{ Step = "Invoke-ReplicateExperiment {`n    sh train.sh ```n        --lr 0.1`n}"; Expected = 'sh train.sh --lr 0.1' }
        @{ Step = 'Invoke-ReplicateExperiment -FilePath sh -ArgumentList "-c", "echo loss=1"'; Expected = "sh -c 'echo loss=1'" }
        @{ Step = 'Invoke-ReplicateExperiment -PassThru -FilePath sh -ArgumentList "-c", "echo loss=1"'; Expected = "sh -c 'echo loss=1'" }
        @{ Step = "Invoke-ReplicateExperiment {`n    'loss=1'`n    'loss=2'`n}"; Expected = "'loss=1'; 'loss=2'" }
        @{ Step = '$e = New-ReplicateExperiment; sh train.sh --epochs 3; $e | Stop-ReplicateExperiment'; Expected = 'sh train.sh --epochs 3' }
        @{ Step = 'Set-Content train.ps1 "param(`$lr) Invoke-ReplicateExperiment { ''loss=1'' }"; ./train.ps1 -lr 0.1'; Expected = 'train.ps1 -lr 0.1' }
    ) {
        $experiment = Invoke-AgentStep $Step $azure
        $experiment.Command | Should -Be $Expected
        "$($experiment.Build.number) $($experiment.Build.url)" | Should -Be '20261127.3 https://dev.azure.com/org/p/_build/results?buildId=77'
    }

    It 'comes with the build and its page, which a copy keeps and the detail view shows' {
        $experiment = Invoke-AgentStep 'Invoke-ReplicateExperiment { sh -c "echo loss=1" }' $gitHub
        $experiment.Command | Should -Be 'sh -c "echo loss=1"'
        $experiment.Build.number | Should -Be '41'
        $experiment.Build.url | Should -Be 'https://github.com/o/r/actions/runs/123'
        $null = $experiment | Copy-ReplicateExperiment -Destination file://copy
        $copy = Get-ReplicateExperiment -Repository file://copy
        $copy.Build.url | Should -Be 'https://github.com/o/r/actions/runs/123'
        Get-View $copy -Width 120 -Format { $input | Format-List } | Should -Contain 'Build           : 41 https://github.com/o/r/actions/runs/123'
    }

    It 'is the script as ever outside a pipeline' {
        $null = Enter-Project
        $null = Invoke-Pwsh "Import-Module '$manifest'; Set-Location '$PWD'; Invoke-ReplicateExperiment { 'loss=1' }"
        (Get-ReplicateExperiment).Command | Should -Match 'run.ps1$'
        (Get-ReplicateExperiment).Build.Count | Should -Be 0
    }
}

Describe 'A condition of the shell' {
    BeforeAll { $null = Enter-Project; Add-SampleExperiment }

    It 'is a script block that gets each experiment as Where-Object does' {
        (Get-ReplicateExperiment -Filter { $_.learning_rate -gt 0.05 }).Params.learning_rate | Should -Be 0.1, 0.3
        (Get-ReplicateExperiment -Filter { $PSItem.Status -eq 'Failed' }).Params.learning_rate | Should -Be 0.3
        (Get-ReplicateExperiment -Filter { $_.Checkpoints | Where-Object Step -gt 99 }) | Should -BeNullOrEmpty
    }

    It 'goes together with conditions of text, other blocks, an order and variables of its place' {
        $least = 0.05
        (Get-ReplicateExperiment -Filter { $_.learning_rate -gt $least }, 'status = completed').Params.learning_rate | Should -Be 0.1
        (Get-ReplicateExperiment -Filter { $_.learning_rate -gt $least }, { $_.loss -lt 9 } -Sort learning_rate-desc).Params.learning_rate | Should -Be 0.3, 0.1
    }

    It 'is followed as well' {
        $running = New-ReplicateExperiment -Params @{ learning_rate = 9 } -Detached -MaxAge 00:00:02
        (Get-ReplicateExperiment -Follow -Filter { $_.learning_rate -eq 9 } | Select-Object -First 1).Id | Should -Be $running.Id
        $running | Remove-ReplicateExperiment
    }

    It 'tells its own errors' {
        (Get-Failure { Get-ReplicateExperiment -Filter { throw 'no such thing' } }).Exception.Message | Should -Be 'no such thing'
        (Get-Failure { Get-ReplicateExperiment -Filter { $_.no_such_metric -gt 1 } }).Exception.Message | Should -Match 'no_such_metric'
    }

    It 'is warned of where it names what nothing has' {
        Get-ReplicateExperiment -Filter 'learnin_rate > 0' -WarningVariable warnings 3> $null
        "$warnings" | Should -Be "No experiment has a param or metric 'learnin_rate'. Did you mean 'learning_rate'?"
        Get-ReplicateExperiment -Repository file://.replicat -WarningVariable warnings 3> $null
        "$warnings" | Should -Match "^There is no repository at .*Did you mean .*\.replicate'\?$"
    }
}
