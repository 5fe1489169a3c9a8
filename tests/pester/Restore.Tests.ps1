# Which model comes back where an experiment is named, and what a bare Enter does.
BeforeAll {
    . $PSScriptRoot/Support.ps1
    # An experiment whose best checkpoint is not its latest; its code is train.ps1, its model a line of text.
    function Add-Run([string] $Name, [string] $PrimaryMetric) {
        $primary = $PrimaryMetric ? @{ PrimaryMetric = $PrimaryMetric; Goal = 'minimize' } : @{}
        $experiment = New-ReplicateExperiment -Path . -NoHeartbeat 3> $null
        foreach ($loss in 0.5, 0.1, 0.3) {
            Set-Content model.bin "$Name $loss"
            $experiment | Add-ReplicateCheckpoint -Metrics @{ val_loss = $loss } -Path model.bin @primary
        }
        $experiment | Stop-ReplicateExperiment
        $experiment
    }
}
AfterAll { Exit-Project }

Describe 'Restore-ReplicateCheckpoint of an experiment' {
    BeforeAll {
        $project = Enter-Project
        Set-Content train.ps1 code
        $first = Add-Run first val_loss
        $second = Add-Run second val_loss
        $plain = Add-Run plain
    }
    BeforeEach { $target = "$project-$([guid]::NewGuid())" }

    It 'gives its own best model, by id, by prefix, from the pipeline and as an argument' {
        Restore-ReplicateCheckpoint $second.Id "$target-1" 6> $null
        Restore-ReplicateCheckpoint $second.ShortId "$target-2" 6> $null
        $second | Restore-ReplicateCheckpoint -OutputDirectory "$target-3" 6> $null
        Restore-ReplicateCheckpoint -Experiment $second -OutputDirectory "$target-4" 6> $null
        Get-ReplicateExperiment $second.Id | Restore-ReplicateCheckpoint -OutputDirectory "$target-5" 6> $null
        1..5 | ForEach-Object { Get-Content "$target-$_/model.bin" } | Should -Be (@('second 0.1') * 5)
        Get-Content "$target-1/train.ps1" | Should -Be code
        $first | Restore-ReplicateCheckpoint -OutputDirectory $target 6> $null
        Get-Content $target/model.bin | Should -Be 'first 0.1'
    }

    It 'says which checkpoint it took and why' {
        $best = $second.Checkpoints[1]
        "$((Restore-ReplicateCheckpoint $second.Id "$target-1" 6>&1)[0])" |
            Should -Be "Checked out experiment $($second.ShortId) with its checkpoint $best, best by val_loss"
        "$((Restore-ReplicateCheckpoint $plain.Id "$target-2" 6>&1)[0])" | Should -BeLike "*$($plain.Latest()), latest: no primary metric"
        (Restore-ReplicateCheckpoint $second.Id "$target-3" -PassThru 6> $null).Reason | Should -Be 'best by val_loss'
    }

    It 'takes the one that is chosen' {
        $second | Restore-ReplicateCheckpoint -OutputDirectory "$target-1" -Latest 6> $null
        $second | Restore-ReplicateCheckpoint -OutputDirectory "$target-2" -Best 6> $null
        Get-Content "$target-1/model.bin", "$target-2/model.bin" | Should -Be 'second 0.3', 'second 0.1'
        (Get-Failure { Restore-ReplicateCheckpoint $second.Id $target -Best -Latest }).FullyQualifiedErrorId | Should -BeLike 'ChoiceAmbiguous,*'
        (Get-Failure { Restore-ReplicateCheckpoint $plain.Id $target -Best -ErrorAction Stop }).FullyQualifiedErrorId | Should -BeLike 'NoBestCheckpoint,*'
        (Get-Failure { Restore-ReplicateCheckpoint $first.Latest().Id $target -Best -ErrorAction Stop }).FullyQualifiedErrorId | Should -BeLike 'NothingToChoose,*'
        $target | Should -Not -Exist
    }

    It 'works where the experiment has no files of its own' {
        $experiment = New-ReplicateExperiment -NoHeartbeat
        Set-Content model.bin alone
        $experiment | Add-ReplicateCheckpoint -Path model.bin
        Restore-ReplicateCheckpoint $experiment.Id $target 6> $null
        Get-Content $target/model.bin | Should -Be alone
        (Get-ChildItem $target).Name | Should -Be model.bin
    }

    It 'is what New-ReplicateExperiment -From and Open-ReplicateFile take, and Get-ReplicateFile says where each file lies' {
        Set-Content model.bin changed
        $next = New-ReplicateExperiment -From $second -NoHeartbeat
        Get-Content model.bin | Should -Be 'second 0.1'
        $next.Metadata.Extension.ParentCheckpoint | Should -Be $second.Checkpoints[1].Id
        $second | Open-ReplicateFile -Path model.bin -As Lines | Should -Be 'second 0.1'
        Open-ReplicateFile $second.Id train.ps1 -As Lines | Should -Be code
        "$(Open-ReplicateFile $second.Id model.bin -Verbose 4>&1)" | Should -BeLike "*was saved with checkpoint $($second.Checkpoints[1]), best by val_loss*"
        $files = Get-ReplicateFile $second.Id
        $files.Path | Should -Be 'model.bin', 'train.ps1'
        $files.Id | Should -Be $second.Checkpoints[1].Id, $second.Id
        $files.SavedWith | Should -Be "checkpoint $($second.Checkpoints[1]), best by val_loss", "experiment $($second.ShortId)"
        $files | Open-ReplicateFile -As Lines | Should -Be 'second 0.1', 'code'
    }

    It 'names the checkpoint that alone holds a file' {
        $experiment = New-ReplicateExperiment -NoHeartbeat
        Set-Content early.bin 1
        $experiment | Add-ReplicateCheckpoint -Path early.bin -Step 3
        Set-Content late.bin 1
        $experiment | Add-ReplicateCheckpoint -Path late.bin -Step 4
        $null = $experiment | Open-ReplicateFile -Path early.bin -ErrorVariable failures -ErrorAction SilentlyContinue
        "$($failures[0])" | Should -BeLike "*only checkpoint $($experiment.Checkpoints[0].ShortId) (step 3) holds it*"
    }

    It 'changes nothing after a bare Enter, and goes on after a yes' -Tag 'Needs script' -Skip:(-not (Get-Command script -CommandType Application -ErrorAction Ignore)) {
        foreach ($answer in @{ Keys = ''; Model = 'mine' }, @{ Keys = 'y'; Model = 'second 0.1' }) {
            $null = New-Item $target -ItemType Directory -Force
            Set-Content $target/model.bin mine
            $out = "$target.out"
            # script gives the shell a terminal; the answer is given when the question is there.
            $shell = "pwsh -NoProfile -Command `"Import-Module '$manifest'; Restore-ReplicateCheckpoint $($second.Id) '$target'; 'went on'`""
            bash -c 'export TERM=dumb; { for i in $(seq 300); do grep -q "default is" "$1" 2> /dev/null && break; sleep 0.1; done; printf "%s\r" "$3"; for i in $(seq 300); do grep -q "went on" "$1" && break; sleep 0.1; done; } | script -qefc "$2" "$1" > /dev/null' bash $out $shell $answer.Keys
            Get-Content $target/model.bin | Should -Be $answer.Model -Because (Get-Content -Raw $out)
            Get-Content -Raw $out | Should -BeLike '*(default is "N")*went on*'
        }
    }
}

Describe 'The tutorial of the README' {
    It 'gives back the model of the better run, not what the run before left in the project' {
        $null = Enter-Project
        Copy-Item $root/samples/iris/train.ps1, $root/samples/iris/iris.csv .
        $null = Initialize-ReplicateProject
        $null = ./train.ps1 -NumEpochs 20
        $firstModel = (Get-FileHash model.json).Hash
        $null = ./train.ps1 -NumEpochs 20 -LearningRate 0.3 3> $null
        $secondModel = (Get-FileHash model.json).Hash
        $first, $second = Get-ReplicateExperiment
        Restore-ReplicateCheckpoint $second.ShortId -OutputDirectory better-model 6> $null
        $first | Restore-ReplicateCheckpoint -OutputDirectory first-model 6> $null
        (Get-FileHash better-model/model.json).Hash | Should -Be $secondModel
        (Get-FileHash first-model/model.json).Hash | Should -Be $firstModel
        $secondModel | Should -Not -Be $firstModel
        (Get-ChildItem better-model).Name | Should -Be 'iris.csv', 'model.json', 'replicate.yaml', 'train.ps1'
    }
}
