BeforeDiscovery {
    $hasPython = $null -ne (Get-Command python3 -ErrorAction Ignore)
    $hasSklearn = (Test-Path /usr/bin/python3) -and $(/usr/bin/python3 -c 'import sklearn' 2>$null; $LASTEXITCODE -eq 0)
}
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $programs = "$root/samples/training-programs"

    # Runs a block in silence; its output and experiment.
    function Invoke-Run([hashtable] $With, [scriptblock] $Block) {
        $lines = @(Invoke-ReplicateExperiment @With -PassThru -ExperimentVariable run $Block)
        [pscustomobject]@{ Lines = $lines; Experiment = $run }
    }
}
AfterAll { Exit-Project }

Describe 'Invoke-ReplicateExperiment with a script block' {
    BeforeEach { $project = Enter-Project }

    It 'emits the finished experiment, its output goes to the host' {
        $out = Invoke-Pwsh -Arguments $manifest -Script @'
param($manifest)
Import-Module $manifest
$exp = Invoke-ReplicateExperiment -Params @{ learning_rate = 0.01 } -PrimaryMetric loss -Goal Minimize {
    foreach ($i in 1..3) { sh -c "echo 'Epoch $i, loss: 0.$i'; echo noise >&2" }
    [pscustomobject]@{ done = $true }
}
"$($exp.Status) $($exp.Checkpoints.Step) $($exp.loss) $($exp.PrimaryMetric) $LASTEXITCODE"
'@
        $out | Should -Contain 'Epoch 2, loss: 0.2'
        @($out -match 'noise').Count | Should -Be 3
        ($out -match 'done').Count | Should -Be 1
        $out[-1] | Should -Be 'Completed 1 2 3 0.1 loss (minimize) 0'
    }

    It 'passes the output down the pipeline as it comes' {
        $run = Invoke-Run @{ Params = @{ a = 1 } } { 'loss=1'; 42; "a is $($_.a)" }
        $run.Lines | Should -Be 'loss=1', 42, 'a is 1'
        $run.Experiment | Should -BeOfType ([Replicate.Experiment])
        $first = Invoke-ReplicateExperiment -PassThru -ExperimentVariable early { 'x=1'; Start-Sleep 20 } | Select-Object -First 1
        $first | Should -Be 'x=1'
        $early.Status | Should -Be Interrupted
    }

    It 'fails with the exit code of a program, as an error that does not end the pipeline' {
        $run = Invoke-Run @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'script:failures' } { sh -c 'echo oops >&2; exit 3' }
        $LASTEXITCODE | Should -Be 3
        $run.Experiment.Status, $run.Experiment.ExitCode, $run.Experiment.ErrorOutput | Should -Be Failed, 3, oops
        $failure = $failures | Where-Object FullyQualifiedErrorId -like 'ReplicateRunFailed,*'
        $failure.Exception.Message | Should -BeLike "*$($run.Experiment.ShortId) failed with exit code 3*"
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*ErrorOutput*'
    }

    It 'fails with code 1 for <What>' -ForEach @(
        @{ What = 'what is thrown'; Block = { 'loss=1'; throw 'broken' }; Says = 'broken' }
        @{ What = 'a program that is not there'; Block = { 'loss=1'; nosuchprogram; 'after' }; Says = "*'nosuchprogram'*" }
    ) {
        $run = Invoke-Run @{ ErrorAction = 'SilentlyContinue' } $Block
        $LASTEXITCODE | Should -Be 1
        $run.Lines | Should -Be 'loss=1'
        $run.Experiment.Status, $run.Experiment.ExitCode | Should -Be Failed, 1
        $run.Experiment.ErrorOutput | Should -BeLike $Says
        $run.Experiment.loss | Should -Be 1
    }

    It 'sets the exit code to 0 before the run' {
        sh -c 'exit 7'
        $run = Invoke-Run @{} { "code=$LASTEXITCODE" }
        $run.Experiment.Status, $run.Experiment.code, $LASTEXITCODE | Should -Be Completed, 0, 0
    }

    It 'is the experiment of Add-ReplicateCheckpoint, and gives the variables back' {
        $env:REPLICATE_EXPERIMENT = 'before'
        try {
            $run = Invoke-Run @{ Params = @{ lr = 0.5 } } {
                Add-ReplicateCheckpoint -Metrics @{ accuracy = 0.75 }
                $env:REPLICATE_PARAMS, $env:PYTHONUNBUFFERED
            }
            $env:REPLICATE_EXPERIMENT | Should -Be before
        }
        finally { $env:REPLICATE_EXPERIMENT = $null }
        $run.Lines | Should -Be '{"lr":0.5}', '1'
        (Get-ReplicateExperiment $run.Experiment.Id).Checkpoints.Metrics['accuracy'] | Should -Contain 0.75
    }

    It 'leaves no variables of its own in the block, and those of the caller alone' {
        $x = 1
        $run = Invoke-Run @{} { $x = 2; "n=$(@(Get-Variable -Scope 1 | Where-Object Name -in block, run, output, receive).Count)" }
        $run.Lines | Should -Be 'n=0'
        $x | Should -Be 1
    }

    It 'is recorded as interrupted when the pipeline is stopped' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$manifest'; Set-Location '$project'; Invoke-ReplicateExperiment { 'loss=1'; Start-Sleep 60 }")
        $null = $shell.BeginInvoke()
        $until = (Get-Date).AddSeconds(20)
        while ((Get-Date) -lt $until -and -not (Get-ReplicateExperiment)) { Start-Sleep -Milliseconds 100 }
        Start-Sleep -Milliseconds 200
        $shell.Stop()
        $exp = Get-ReplicateExperiment
        $exp.Status, $exp.loss | Should -Be Interrupted, 1
    }

    It 'does nothing with -WhatIf' {
        Invoke-ReplicateExperiment -WhatIf { throw 'It ran.' }
        Get-ReplicateExperiment | Should -BeNullOrEmpty
    }

    It 'reads metrics from <What>' -ForEach @(
        @{ What = 'JSON lines'; With = @{ JsonLines = $true }; Block = { '{"step": 4, "loss": 0.5}'; 'other: 1' } }
        @{ What = 'a pattern'; With = @{ Pattern = 'at (?<step>\d+) it is (?<loss>\S+)' }; Block = { 'at 4 it is 0.5'; 'other: 1' } }
        @{ What = 'a CSV file'; With = @{ CsvFile = 'log.csv'; NoOutputMetrics = $true }; Block = { Set-Content log.csv 'step,loss', '4,0.5'; 'other: 1' } }
        @{ What = 'a JSON-lines file'; With = @{ JsonFile = 'm.jsonl'; NoOutputMetrics = $true }; Block = { Set-Content m.jsonl '{"step":4,"loss":0.5}' } }
        @{ What = 'chosen names'; With = @{ Metric = 'loss' }; Block = { 'step 4, loss: 0.5, other: 1' } }
    ) {
        $run = Invoke-Run $With $Block
        $run.Experiment.Checkpoints.Count | Should -Be 1
        $run.Experiment.Checkpoints[0].Step | Should -Be 4
        $run.Experiment.Checkpoints[0].Metrics.Names | Should -Be loss
    }

    It 'reads <What> of a script block like lines' -ForEach @(
        @{ What = 'a string of several lines'; Block = { "step 1 loss=0.5`nstep 2 loss=0.25`r`nstep 3 loss=0.125`n" } }
        @{ What = 'what Out-String makes of objects'; Block = { 'step 1 loss=0.5', 'step 2 loss=0.25', 'step 3 loss=0.125' | Out-String } }
        @{ What = 'Write-Host'; Block = { 1..3 | ForEach-Object { Write-Host "step $_" -NoNewline -ForegroundColor Green; Write-Host " loss=$([Math]::Pow(0.5, $_))" } } }
        @{ What = 'Write-Information'; Block = { 1..3 | ForEach-Object { Write-Information "step $_ loss=$([Math]::Pow(0.5, $_))" } } }
        @{ What = 'the last part of a line of the host'; Block = { Write-Host "step 1 loss=0.5`nstep 2 loss=0.25"; Write-Host 'step 3 loss=0.125' -NoNewline } }
    ) {
        $run = Invoke-Run @{ InformationAction = 'SilentlyContinue' } $Block 6> $null
        ($run.Experiment.Checkpoints | ForEach-Object { "$($_.Step):$($_.Metrics.loss)" }) -join ' ' | Should -Be '1:0.5 2:0.25 3:0.125'
    }

    It 'shows once what Write-Host says, and passes it on as information' {
        $out = Invoke-Pwsh -Arguments $manifest -Script @'
param($manifest)
Import-Module $manifest
$null = Invoke-ReplicateExperiment { Write-Host 'step 1 loss=0.5' }
$null = Invoke-ReplicateExperiment { Write-Host 'step 2 loss=0.25' } -InformationVariable said 6> $null
"said: $said"
'@
        @($out -match 'step 1 loss=0.5').Count | Should -Be 1
        @($out -match 'step 2') | Should -Be 'said: step 2 loss=0.25'
    }

    It 'follows metrics files whose path is <What>' -ForEach @(
        @{ What = 'on a drive of the shell'; Under = { 'work:' } }
        @{ What = 'below ~'; Under = { '~' } }
        @{ What = 'one of a provider'; Under = { "FileSystem::$PWD" } }
    ) {
        $null = New-PSDrive -Name work -PSProvider FileSystem -Root $PWD -Scope Global
        $provider = Get-PSProvider FileSystem
        $homeBefore = $provider.Home
        $provider.Home = "$PWD"
        try {
            $at = & $Under
            $run = Invoke-Run @{ CsvFile = "$at/log.csv"; JsonFile = "$at/log.json"; NoOutputMetrics = $true } {
                Set-Content log.csv 'step,loss', '1,0.5'
                Set-Content log.json '{"step": 1, "acc": "0.75"}'
            }
        }
        finally {
            $provider.Home = $homeBefore
            Remove-PSDrive work -Scope Global
        }
        $run.Experiment.loss, $run.Experiment.acc | Should -Be 0.5, 0.75
    }

    It 'starts a program on a drive of the shell' {
        $null = New-PSDrive -Name work -PSProvider FileSystem -Root $PWD -Scope Global
        try {
            Set-Content train.sh '#!/bin/sh', 'echo step 1 loss=0.5'
            chmod +x train.sh
            $null = Invoke-ReplicateExperiment -FilePath work:/train.sh -PassThru
        }
        finally { Remove-PSDrive work -Scope Global }
        (Get-ReplicateExperiment).loss | Should -Be 0.5
    }

    It 'says of a file that gave nothing what it holds and what it would need' {
        $null = Invoke-ReplicateExperiment -CsvFile log.csv { Set-Content log.csv 'epoch,loss' } -WarningVariable warnings 3> $null
        "$warnings" | Should -BeLike "No metrics were read from 'log.csv': it has the columns 'epoch', 'loss' and no rows below them. It needs *"
    }

    It 'takes params from a file, those given win' {
        Set-Content params.yaml 'learning_rate: 0.5', 'layers: [1, 2]'
        $run = Invoke-Run @{ ParamFile = 'params.yaml'; Params = @{ learning_rate = 0.1 } } { }
        $run.Experiment.learning_rate | Should -Be 0.1
        $run.Experiment.Params.layers | Should -Be 1, 2
    }

    It 'compresses what is saved as it is asked' {
        Set-Content data ('x' * 100000)
        $run = Invoke-Run @{ Path = 'data'; CompressionLevel = 'NoCompression' } { }
        (Get-Item ".replicate/experiments/$($run.Experiment.Id).tar.gz").Length | Should -BeGreaterThan 100000
    }

    It 'goes on from a checkpoint with its files and steps, and is shown as a branch' {
        Set-Content train.ps1 code
        $first = (Invoke-Run @{ Path = '.'; CheckpointPath = 'model.txt' } { Set-Content model.txt first; 'step 5, loss: 1'; Start-Sleep -Milliseconds 300 }).Experiment
        Set-Content model.txt other
        $second = (Invoke-Run @{ From = $first } { Get-Content model.txt; 'step 1, loss: 0.5' })
        $second.Lines[0] | Should -Be first
        $second.Experiment.Parent | Should -Be $first.Id
        $second.Experiment.Checkpoints.Step | Should -Be 6
        $other = New-ReplicateExperiment -NoHeartbeat
        $tree = Get-ReplicateExperiment -Tree
        $drawn = Get-View $tree | ForEach-Object { if ($_ -match '^([└─ ]*[0-9a-f]{7}) ') { $Matches[1] } }
        $drawn | Should -Be $first.ShortId, "└─ $($second.Experiment.ShortId)", $other.ShortId
    }

    It 'tries params, and a run that fails does not stop the rest' {
        $all = Invoke-ReplicateExperiment -Params @{ a = 1, 2; b = 3 } -Grid -Tag mine -PassThru -ExperimentVariable runs -ErrorAction SilentlyContinue {
            "loss=$($_.a * $_.b)"
            if ($_.a -eq 1) { throw 'no' }
        }
        $LASTEXITCODE | Should -Be 1
        $all | Should -Be 'loss=3', 'loss=6'
        $runs.Status | Should -Be Failed, Completed
        $runs.ForEach{ $_.Tags[0] } | Should -Be mine, mine
        $runs[0].Sweep.Name | Should -BeLike 'sweep-???????'
        $runs.ForEach{ "$($_.Sweep)" } | Should -Be "$($runs[0].Sweep.Name) (1 of 2)", "$($runs[0].Sweep.Name) (2 of 2)"
        $null = Invoke-ReplicateExperiment -Params @{ a = 1..9 } -Random 2 -Seed 1 -PassThru -ExperimentVariable some { }
        $some.Count | Should -Be 2
    }

    It 'goes on with a sweep of a name, and tells how far it is' {
        $null = Invoke-ReplicateExperiment -Sweep search -Params @{ a = 1, 2 } -Grid -PrimaryMetric loss { "loss=$($_.a)"; if ($_.a -eq 2) { throw 'no' } } -ErrorAction SilentlyContinue
        $sweep = Get-ReplicateSweep
        "$sweep" | Should -Be 'search: 1 of 2 runs'
        $sweep.Failed | Should -Be 1
        $sweep.Best.Params.a | Should -Be 1
        (Invoke-ReplicateExperiment -Sweep search -Params @{ a = 1, 2, 3 } -Grid -PrimaryMetric loss { "loss=$($_.a)" }).Params.a | Should -Be 3
        (Invoke-ReplicateExperiment -Sweep search -Retry -Params @{ a = 1, 2, 3 } -Grid -PrimaryMetric loss { "loss=$($_.a)" }).Params.a | Should -Be 2
        (Get-View (Get-ReplicateSweep s*))[2] | Should -Match '^search +\d+ seconds? ago +done +3 of 3 .* loss 1 *$'
        (TabExpansion2 'Get-ReplicateSweep se' 21).CompletionMatches.CompletionText | Should -Be search
        (Get-Failure { Get-ReplicateSweep other }).FullyQualifiedErrorId | Should -BeLike 'SweepNotFound,*'
        @(Get-ReplicateExperiment -Filter 'sweep = search').Count | Should -Be 4
        $ranges = Invoke-ReplicateExperiment -LatinHypercube 4 -Params @{ lr = @{ min = 1e-4; max = 1; scale = 'log' } } { }
        $ranges.ForEach{ [math]::Floor([math]::Log10($_.Params.lr)) } | Sort-Object | Should -Be -4, -3, -2, -1
    }

    It 'refuses to end what is no program' {
        (Get-Failure { Invoke-ReplicateExperiment -Timeout 00:01 -PassThru { } }).FullyQualifiedErrorId | Should -BeLike 'EndingNeedsProgram,*'
        (Get-Failure { Invoke-ReplicateExperiment -EarlyStopping Median -Grid -PassThru { } }).FullyQualifiedErrorId | Should -BeLike 'EndingNeedsProgram,*'
    }

    It 'records what is around it' {
        $env:MY_TOKEN = 'hush-hush-hush'
        try { $exp = (Invoke-Run @{ Command = 'train --token abcdefgh hush-hush-hush'; Note = 'why'; Tag = 'x' } { }).Experiment }
        finally { $env:MY_TOKEN = $null }
        $exp.Command | Should -Be 'train --token *** ***'
        $exp = Get-ReplicateExperiment $exp.Id
        $exp.Environment.powershell | Should -Be "$($PSVersionTable.PSVersion)"
        $exp.Environment.modules.Names | Should -Contain Pester
        $view = Get-View $exp -Format { $input | Format-List }
        $view -match '^Note +: why' | Should -Not -BeNullOrEmpty
        $view -match '^Tags +: x' | Should -Not -BeNullOrEmpty
        $view -match ' powershell: +\d' | Should -Not -BeNullOrEmpty
    }
}

Describe 'Invoke-ReplicateExperiment with a program' {
    BeforeEach { $project = Enter-Project }

    It 'passes bytes and the exit code in a console, several at once' {
        $out = Invoke-Pwsh -Arguments $manifest -Script @'
param($manifest)
Import-Module $manifest
$e = Invoke-ReplicateExperiment -FilePath sh -ArgumentList '-c', 'printf "loss=0.5\nno end"; exit 4', 'x', '--epochs=5' -ParamsFromArguments -ErrorAction SilentlyContinue
"|$LASTEXITCODE $($e.epochs) $($e.loss)"
Invoke-ReplicateExperiment -FilePath nosuch -ErrorAction SilentlyContinue 2> $null
"$LASTEXITCODE $(@(Get-ReplicateExperiment).Count)"
$e = Invoke-ReplicateExperiment -Params @{ a = 1, 2 } -Grid -Throttle 2 -FilePath sh -ArgumentList '-c', 'echo loss={a}'
"$($e.loss | Sort-Object)"
'@
        $out | Select-Object -First 2 | Should -Be 'loss=0.5', 'no end|4 5 0.5'
        ($out | Out-String) | Should -Match "There is no program 'nosuch'|1 1"
        $out | Should -Contain '1 1'
        $out[-1] | Should -Be '1 2'
    }

    It 'passes lines where it is asked to' {
        $lines = Invoke-ReplicateExperiment -FilePath sh -ArgumentList '-c', 'echo "a  b"; echo "loss=$1"', 'x', '0.5' -PassThru -ExperimentVariable run
        $lines | Should -Be 'a  b', 'loss=0.5'
        $run.loss | Should -Be 0.5
    }

    It 'runs blocks at once, each in a process of its own' {
        $out = Invoke-Pwsh -Arguments $manifest -Script @'
param($manifest)
Import-Module $manifest
$e = Invoke-ReplicateExperiment -Params @{ a = 1, 2, 3 } -Grid -Throttle 2 -ErrorAction SilentlyContinue {
    "loss=$($_.a)"
    Add-ReplicateCheckpoint -Metrics @{ own = $_.a } -Step 7
    if ($_.a -eq 2) { throw "no more $($_.a)" }
}
"|$($e.Params.a) $($e.Status) $(($e | Get-ReplicateCheckpoint | Where-Object step -eq 7).Metrics.own | Sort-Object) $LASTEXITCODE"
"|$($e[1].Command)"
'@
        $out | Should -Contain '[3/3] loss=3'
        "$out" | Should -BeLike '*no more 2*'
        ($out -match '^\|')[0] | Should -Be '|1 2 3 Completed Failed Completed 1 2 3 1'
        ($out -match '^\|')[1] | Should -BeLike '|*run.ps1*'
    }

    It 'refuses to run several at once where their output is wanted' {
        (Get-Failure { Invoke-ReplicateExperiment -Throttle 2 -Grid -PassThru { } }).FullyQualifiedErrorId | Should -BeLike 'ThrottleNeedsConsole,*'
    }
}

Describe 'Set-ReplicateExperiment' {
    BeforeEach { $project = Enter-Project }

    It 'changes tags and note' {
        $exp = New-ReplicateExperiment -Tag a, b -Note one -NoHeartbeat
        $exp | Set-ReplicateExperiment -AddTag c -RemoveTag a -PassThru | ForEach-Object { "$($_.Tags)" } | Should -Be 'b c'
        Set-ReplicateExperiment $exp.Id -Note two -WhatIf
        Set-ReplicateExperiment $exp.Id -Note two -Tag only
        $read = Get-ReplicateExperiment -Filter 'tag = only'
        $read.Note | Should -Be two
        Set-ReplicateExperiment $exp.Id -Tag @()
        (Get-ReplicateExperiment $exp.Id).Tags.Count | Should -Be 0
    }

    It 'refuses <What>' -ForEach @(
        @{ What = 'to change nothing'; With = @{ }; Id = 'NothingToSet,*' }
        @{ What = 'a tag with a comma'; With = @{ Tag = 'a,b' }; Id = 'InvalidTag,*' }
    ) {
        $exp = New-ReplicateExperiment -NoHeartbeat
        (Get-Failure { $exp | Set-ReplicateExperiment @With }).FullyQualifiedErrorId | Should -BeLike $Id
    }
}

Describe 'Training programs that know nothing of experiments' {
    BeforeEach { $project = Enter-Project }

    It 'in scikit-learn' -Tag 'Needs scikit-learn' -Skip:(-not $hasSklearn) {
        # Two short steps say nothing of their order, so it is told.
        $run = Invoke-Run @{ CheckpointPath = 'digits.pkl'; CheckpointOrder = 'BeforeMetrics'; PrimaryMetric = 'test loss' } { /usr/bin/python3 $programs/sklearn_digits.py --epochs 2 }
        $run.Experiment.Status, $run.Experiment.ExitCode | Should -Be Completed, 0
        $run.Experiment.Checkpoints.Step | Should -Be 1, 2
        $run.Experiment.Best().Metrics.Names | Should -Be 'test accuracy', 'test loss'
        # On a busy machine a step may be too short to be told from its neighbours: its file is named then.
        $latest = $run.Experiment.Latest()
        @($latest | Get-ReplicateFile | ForEach-Object Path) + $latest.MissingFiles | Should -Be digits.pkl
    }

    It 'that write the CSV format of Keras' -Tag 'Needs Python' -Skip:(-not $hasPython) {
        $run = Invoke-Run @{ CsvFile = 'training.log'; PrimaryMetric = 'val_loss' } { python3 $programs/keras_log.py training.log }
        $run.Experiment.Checkpoints.Step | Should -Be (0..19)
        $run.Experiment.val_loss | Should -BeLessThan 0.05
    }

    It 'in awk' {
        $run = Invoke-Run @{ PrimaryMetric = 'error' } { awk -v number=2 -f $programs/newton.awk }
        $run.Experiment.Checkpoints.Count | Should -Be 6
        $run.Experiment.guess | Should -Be 1.414214
    }
}
