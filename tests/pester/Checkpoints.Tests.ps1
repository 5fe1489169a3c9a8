BeforeAll {
    . $PSScriptRoot/Support.ps1
}
AfterAll { Exit-Project }

Describe 'Add-ReplicateCheckpoint' {
    BeforeAll {
        $project = Enter-Project
        Set-Content model.pth weights
        $null = New-Item data -ItemType Directory
        Set-Content data/a.txt a
    }
    BeforeEach {
        Set-Location $project
        $exp = New-ReplicateExperiment -NoHeartbeat
    }
    AfterEach { $env:REPLICATE_EXPERIMENT = $null }

    It 'records to an experiment from the pipeline, a parameter, an id and the environment' {
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 0.1 } -Path model.pth | Should -BeNullOrEmpty
        Add-ReplicateCheckpoint -Experiment $exp -Metrics @{ loss = 0.2 }
        Add-ReplicateCheckpoint $exp.Id.Substring(0, 12) -Metrics ([pscustomobject]@{ loss = 0.3 })
        $env:REPLICATE_EXPERIMENT = $exp.Id
        Add-ReplicateCheckpoint -Metrics @{ loss = 0.4 }
        $exp.Refresh()
        $exp.Checkpoints.Metrics['loss'] | Should -Be 0.1, 0.2, 0.3, 0.4
        $exp.Checkpoints.Step | Should -Be 0, 1, 2, 3
        $exp.Checkpoints[0].Path | Should -Be 'model.pth'
    }

    It 'saves files that Get-Item gives' {
        $checkpoint = Get-Item model.pth | Add-ReplicateCheckpoint -Experiment $exp -PassThru
        $checkpoint.Path | Should -Be 'model.pth'
        $checkpoint = Get-Item data | Add-ReplicateCheckpoint -Id $exp.Id -PassThru
        $checkpoint.Path | Should -Be 'data'
        (Get-ReplicateFile $checkpoint.Id).Path | Should -Be 'data/a.txt'
        (Add-ReplicateCheckpoint -Experiment $exp -Path Temp:/$(Split-Path -Leaf $project)/model.pth -PassThru).Path | Should -Be 'model.pth'
    }

    It 'records durably where that is asked' {
        $exp = New-ReplicateExperiment -Path model.pth -NoHeartbeat -Durable
        $checkpoint = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 0.5 } -Path model.pth -Durable -PassThru
        $found = Get-ReplicateExperiment $exp.Id
        $found.Checkpoints.Id | Should -Be $checkpoint.Id
        $found.Checkpoints[0].Metrics['loss'] | Should -Be 0.5
        (Get-ReplicateFile $checkpoint.Id).Path | Should -Be 'model.pth'
    }

    It 'does not take the path of the experiment for its own' {
        $exp = New-ReplicateExperiment -Path . -NoHeartbeat -Params @{ FullName = 'x'; Metrics = 'y'; Step = 5 }
        $checkpoint = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 1 } -PassThru
        $checkpoint.Path | Should -Be ''
        $checkpoint.Step | Should -Be 0
    }

    It 'emits the checkpoint with its metrics as properties' {
        $checkpoint = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 0.1; step = 'x'; nan = [double]::NaN } -Step 7 -PrimaryMetric loss -Goal MINIMIZE -PassThru
        $checkpoint | Should -BeOfType ([Replicate.Checkpoint])
        $checkpoint.loss | Should -Be 0.1
        $checkpoint.Step | Should -Be 7
        $checkpoint.'metrics.step' | Should -Be 'x'
        $checkpoint.nan | Should -BeNullOrEmpty
        "$($checkpoint.PrimaryMetric)" | Should -Be 'loss (minimize)'
        $exp.Best().Id | Should -Be $checkpoint.Id
    }

    It 'minimizes a primary metric without a goal' {
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 2 } -PrimaryMetric loss
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 1 } -PrimaryMetric loss
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 3 } -PrimaryMetric loss
        $best = (Get-ReplicateExperiment $exp.Id).Best()
        "$($best.PrimaryMetric) $($best.Metrics['loss'])" | Should -Be 'loss (minimize) 1'
    }

    It 'refuses the step <_> instead of rounding it' -ForEach 0.5, 1.5, 2.5, '3.5', 4.5d, ([float]0.25) {
        $step = $_
        { $exp | Add-ReplicateCheckpoint -Step $step -Metrics @{ loss = 1 } -ErrorAction Stop } | Should -Throw '*no whole number*'
        (Get-ReplicateExperiment $exp.Id).Checkpoints.Count | Should -Be 0
    }

    It 'takes the whole step <_> of any type' -ForEach 4096.0, '4096', 4096d, 4096L, ([float]4096) {
        ($exp | Add-ReplicateCheckpoint -Step $_ -Metrics @{ loss = 1 } -PassThru).Step | Should -Be 4096
    }

    It 'ends with an error for <What>' -ForEach @(
        @{ What = 'a primary metric that is not recorded'; With = @{ PrimaryMetric = 'b'; Goal = 'minimize' }; Id = 'PrimaryMetricNotRecorded' }
        @{ What = 'a goal that is none'; With = @{ PrimaryMetric = 'a'; Goal = 'max' }; Id = 'UnknownGoal' }
        @{ What = 'a goal without a primary metric'; With = @{ Goal = 'minimize' }; Id = 'PrimaryMetricMissing' }
        @{ What = 'a path that leads outside'; With = @{ Path = '../..' }; Id = 'PathOutsideProject' }
        @{ What = 'a path that does not exist'; With = @{ Path = 'missing' }; Id = 'PathNotFound' }
        @{ What = 'a metric that cannot be recorded'; With = @{ Metrics = @{ a = [Threading.Thread]::CurrentThread } }; Id = 'UnsupportedValue' }
    ) {
        $arguments = @{ Metrics = @{ a = 1 } } + @{}
        foreach ($key in $With.Keys) { $arguments[$key] = $With[$key] }
        $failure = Get-Failure { $exp | Add-ReplicateCheckpoint @arguments -ErrorAction SilentlyContinue }
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.CategoryInfo.Category | Should -BeIn InvalidArgument, ObjectNotFound
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        (Get-ReplicateExperiment $exp.Id).Checkpoints.Count | Should -Be 0
    }

    It 'lets the training go on when the repository fails' {
        $gone = New-ReplicateExperiment -NoHeartbeat -Repository file://gone
        Remove-Item gone -Recurse -Force
        Set-Content gone 'a file is in the way'
        $gone | Add-ReplicateCheckpoint -Metrics @{ a = 1 } -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.Count | Should -Be 1
        $failures[0].CategoryInfo.Category | Should -Not -Be InvalidArgument
    }

    It 'writes an error for an experiment that is not there, and goes on' {
        Add-ReplicateCheckpoint -Id ffffffffffffffff, $exp.Id -Metrics @{ a = 1 } -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'IdNotFound,*'
        (Get-ReplicateExperiment $exp.Id).Checkpoints.Count | Should -Be 1
    }

    It 'says what is missing where no experiment is named' {
        (Get-Failure { Add-ReplicateCheckpoint -Metrics @{ a = 1 } }).FullyQualifiedErrorId | Should -BeLike 'ExperimentMissing,*'
    }

    It 'records nothing with -WhatIf' {
        $exp | Add-ReplicateCheckpoint -Metrics @{ a = 1 } -WhatIf
        (Get-ReplicateExperiment $exp.Id).Checkpoints.Count | Should -Be 0
    }

    It 'shows progress, stops within two seconds, and leaves nothing half done' {
        $big = [IO.File]::Create("$project/big.bin"); $big.SetLength(64GB); $big.Dispose()
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript('param($manifest, $project, $id) Import-Module $manifest; Set-Location $project; Add-ReplicateCheckpoint -Id $id -Path big.bin')
            $running = $shell.AddParameters(@($manifest, $project, $exp.Id)).BeginInvoke()
            while (-not ($running.IsCompleted -or $shell.Streams.Progress.Count)) { Start-Sleep -Milliseconds 50 }
            $running.IsCompleted | Should -BeFalse
            $shell.Streams.Progress[0].PercentComplete | Should -BeIn (0..100)
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
        }
        finally {
            $shell.Dispose()
            Remove-Item "$project/big.bin"
        }
        (Get-ReplicateExperiment $exp.Id).Checkpoints.Count | Should -Be 0
        @(Get-ChildItem .replicate -Recurse -Force -File | Where-Object Length -gt 1MB).Count | Should -Be 0
    }
}

Describe 'Checkpoints' {
    BeforeAll {
        $project = Enter-Project
        $null = Initialize-ReplicateProject -PrimaryMetric loss -Goal minimize
        Set-Content train.ps1 code
        Set-Content model.pth none
        $exps = foreach ($rate in 0.1, 0.2) {
            $exp = New-ReplicateExperiment -Params @{ rate = $rate } -Path . -NoHeartbeat -Command "train.ps1 -Rate $rate"
            foreach ($epoch in 1..3) {
                Set-Content model.pth "weights $rate $epoch"
                $exp | Add-ReplicateCheckpoint -Metrics @{ loss = [Math]::Abs($epoch - 2) + $rate; epoch = $epoch } -Path model.pth
            }
            $exp
        }
        $chk = $exps[0].Best()
    }
    BeforeEach { Set-Location $project }

    Describe 'Get-ReplicateCheckpoint' {
        It 'gets by id and wildcard, and those of experiments' {
            (Get-ReplicateCheckpoint $chk.ShortId).Id | Should -Be $chk.Id
            @(Get-ReplicateCheckpoint $exps[0].Id).Count | Should -Be 3
            ($exps | Get-ReplicateCheckpoint).epoch | Should -Be 1, 2, 3, 1, 2, 3
            ($exps | Get-ReplicateCheckpoint -Best).epoch | Should -Be 2, 2
            ($exps | Get-ReplicateCheckpoint -Latest).loss | Should -Be 1.1, 1.2
            ($exps[0] | Get-ReplicateCheckpoint -Best -Latest).Step | Should -Be 1, 2
            ($exps[0].Checkpoints | Get-ReplicateCheckpoint | Sort-Object loss)[0].Id | Should -Be $chk.Id
            @(Get-ReplicateCheckpoint '*').Count | Should -BeGreaterOrEqual 6
        }

        It 'writes an error for what is not there' {
            $null = Get-ReplicateCheckpoint ffffffffffffffff -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'IdNotFound,*'
        }
    }

    Describe 'Compare-ReplicateCheckpoint' {
        It 'emits what differs, from ids, objects and both' {
            foreach ($differences in @(
                    (Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id),
                    (Compare-ReplicateCheckpoint -Id $exps.Id),
                    ($exps | Compare-ReplicateCheckpoint),
                    ($exps[0].Best(), $exps[1] | Compare-ReplicateCheckpoint)
                )) {
                $rate = $differences | Where-Object Name -eq rate
                $rate | Should -BeOfType ([Replicate.Difference])
                $rate.Section | Should -Be 'Params'
                $rate.Left, $rate.Right | Should -Be 0.1, 0.2
                ($differences | Where-Object Section -eq Metrics).Name | Should -Be 'loss'
            }
        }

        It 'compares more than two' {
            $differences = $exps[0].Checkpoints | Compare-ReplicateCheckpoint
            ($differences | Where-Object Name -eq epoch).Values | Should -Be 1, 2, 3
            $view = Get-View $differences
            $view | Should -Contain 'epoch            1                    2                    3'
        }

        It 'tells with -Verbose which checkpoint stands for an experiment' {
            $told = Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            "$told" | Should -BeLike "*$($exps[0].ShortId) stands for its checkpoint $($chk.ShortId) (step 1)*"
        }

        It 'needs two' {
            (Get-Failure { $chk | Compare-ReplicateCheckpoint }).FullyQualifiedErrorId | Should -BeLike 'TooFewToCompare,*'
        }
    }

    Describe 'Restore-ReplicateCheckpoint' {
        BeforeEach { $target = "$project-$([guid]::NewGuid())" }

        It 'checks out the files of the experiment, and those of the checkpoint over them' {
            Restore-ReplicateCheckpoint $chk.Id $target 6> $null | Should -BeNullOrEmpty
            Get-Content $target/model.pth | Should -Be 'weights 0.1 2'
            Get-Content $target/train.ps1 | Should -Be 'code'
        }

        It 'tells the command, and emits what it did when asked' {
            $out = $chk | Restore-ReplicateCheckpoint -OutputDirectory $target -PassThru 6>&1
            "$($out[0])" | Should -Be 'The experiment was run with: train.ps1 -Rate 0.1'
            $out[1] | Should -BeOfType ([Replicate.CheckOutResult])
            $out[1].Files | Should -Be '.replicateignore', 'model.pth', 'replicate.yaml', 'train.ps1'
            $out[1].OutputDirectory | Should -Be $target
        }

        It 'takes one path, relative to the working directory of the shell' {
            Set-Location (New-Item $target -ItemType Directory)
            Restore-ReplicateCheckpoint $chk.Id out -Path train.ps1 -ProjectDirectory $project 6> $null
            (Get-ChildItem $target/out).Name | Should -Be 'train.ps1'
            $null = Restore-ReplicateCheckpoint $chk.Id other -Path train -ProjectDirectory $project -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileNotSaved,*'
        }

        It 'refuses a directory that is not empty where nobody can be asked, unless forced' {
            $null = New-Item $target -ItemType Directory
            Set-Content $target/model.pth mine
            $out = '' | pwsh -NoProfile -Command "Import-Module '$manifest'; Set-Location '$project'; Restore-ReplicateCheckpoint $($chk.Id) '$target'; 'went on'" 2>&1 | Out-String
            $out | Should -BeLike '*is not empty*'
            Get-Content $target/model.pth | Should -Be 'mine'
            $failure = Get-Failure { Restore-ReplicateCheckpoint $chk.Id $target }
            $failure.FullyQualifiedErrorId | Should -BeLike 'DirectoryNotEmpty,*'
            $failure.CategoryInfo.Category | Should -Be ResourceExists
            Restore-ReplicateCheckpoint $chk.Id $target -Force 6> $null
            Get-Content $target/model.pth | Should -Be 'weights 0.1 2'
        }

        It 'checks out into the project directory by default' {
            Set-Content model.pth changed
            Set-Location /
            Restore-ReplicateCheckpoint $chk.Id -ProjectDirectory $project -Force 6> $null
            Get-Content $project/model.pth | Should -Be 'weights 0.1 2'
        }

        It 'checks out nothing with -WhatIf' {
            Restore-ReplicateCheckpoint $chk.Id $target -WhatIf
            $target | Should -Not -Exist
        }

        It 'says that a tarball may not have been written yet' {
            $exp = New-ReplicateExperiment -Path train.ps1 -NoHeartbeat
            Remove-Item ".replicate/experiments/$($exp.Id).tar.gz"
            $null = Restore-ReplicateCheckpoint $exp.Id $target -ErrorAction SilentlyContinue -ErrorVariable failures
            "$($failures[0]) $($failures[0].ErrorDetails.RecommendedAction)" | Should -BeLike '*not have been written yet*'
            $exp | Remove-ReplicateExperiment
        }
    }

    Describe 'Get- and Open-ReplicateFile' {
        It 'list what was saved with a checkpoint, and with an experiment' {
            $file = $chk | Get-ReplicateFile
            $file | Should -BeOfType ([Replicate.SavedFile])
            $file.Path, $file.Length, $file.Id | Should -Be 'model.pth', 14, $chk.Id
            ($exps[0] | Get-ReplicateFile).Path | Should -Be '.replicateignore', 'model.pth', 'replicate.yaml', 'train.ps1'
            (Get-ReplicateFile $exps[0].Id '*.ps1', model.pth).Path | Should -Be 'model.pth', 'train.ps1'
        }

        It 'open a file as text, lines, bytes and a stream' {
            Open-ReplicateFile $chk.Id model.pth | Should -Be "weights 0.1 2`n"
            Open-ReplicateFile $chk.Id model.pth -As Lines | Should -Be 'weights 0.1 2'
            $bytes = Open-ReplicateFile $chk.Id model.pth -As Bytes
            , $bytes | Should -BeOfType ([byte[]])
            $bytes.Length | Should -Be 14
            $stream = $chk | Open-ReplicateFile -Path model.pth -As Stream
            $stream | Should -BeOfType ([IO.Stream])
            $stream.ReadByte() | Should -Be ([int][char]'w')
            $stream.Dispose()
        }

        It 'open what the other lists, and a file of the experiment' {
            $chk | Get-ReplicateFile | Open-ReplicateFile -As Lines | Should -Be 'weights 0.1 2'
            Open-ReplicateFile $chk.Id train.ps1 -As Lines | Should -Be 'code'
        }

        It 'write a file relative to the working directory' {
            Set-Location (New-Item "$project-$([guid]::NewGuid())" -ItemType Directory)
            $file = Open-ReplicateFile $chk.Id model.pth -ProjectDirectory $project -OutFile weights.bin
            $file | Should -BeOfType ([IO.FileInfo])
            Get-Content weights.bin | Should -Be 'weights 0.1 2'
            (Get-ChildItem).Name | Should -Be 'weights.bin'
        }

        It 'write an error for a file that was not saved' {
            $null = Open-ReplicateFile $chk.Id missing -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileNotSaved,*'
            $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        }
    }

    Describe 'Remove-ReplicateCheckpoint' {
        It 'deletes the entry and the files, and nothing else' {
            $exp = New-ReplicateExperiment -NoHeartbeat
            1..3 | ForEach-Object { $exp | Add-ReplicateCheckpoint -Metrics @{ a = $_ } -Path model.pth }
            $first, $second, $third = @($exp.Checkpoints)
            Remove-ReplicateCheckpoint $first.Id -WhatIf
            $exp.Checkpoints.Count | Should -Be 3
            Remove-ReplicateCheckpoint $first.Id
            $second | Remove-ReplicateCheckpoint
            $exp.Refresh()
            $exp.Checkpoints.Id | Should -Be $third.Id
            ".replicate/checkpoints/$($first.Id).tar.gz", ".replicate/checkpoints/$($second.Id).tar.gz" | Should -Not -Exist
            ".replicate/checkpoints/$($third.Id).tar.gz" | Should -Exist
        }

        It 'refuses an experiment' {
            (Get-Failure { Remove-ReplicateCheckpoint $exps[0].Id }).FullyQualifiedErrorId | Should -BeLike 'NotACheckpoint,*'
        }
    }
}
