BeforeAll {
    . $PSScriptRoot/Support.ps1
}
AfterAll { Exit-Project }

Describe 'New-ReplicateExperiment' {
    BeforeEach { $project = Enter-Project }

    It 'emits a running experiment with its params as properties' {
        $exp = New-ReplicateExperiment -Params @{ learning_rate = 0.01; layers = 64, 32; name = 'a b' }
        $exp | Should -BeOfType ([Replicate.Experiment])
        $exp.Id | Should -Match '^[0-9a-f]{64}$'
        $exp.IsRunning | Should -BeTrue
        $exp.learning_rate | Should -Be 0.01
        $exp.Params.learning_rate | Should -Be 0.01
        $exp.Params.layers[1] | Should -Be 32
        $exp.Created.Kind | Should -Be Local
        $exp | Stop-ReplicateExperiment
        $exp.IsRunning | Should -BeFalse
    }

    It 'uses the working directory of the shell, not that of the process' {
        $exp = New-ReplicateExperiment -NoHeartbeat
        $exp.Project.Directory | Should -Be $project
        "$project/.replicate/repository.json" | Should -Exist
        [Environment]::CurrentDirectory | Should -Not -Be $project
    }

    It 'records <Kind>' -ForEach @(
        @{ Kind = 'a hashtable'; Params = @{ a = 1; b = @{ c = 'x' } } }
        @{ Kind = 'an ordered dictionary'; Params = [ordered]@{ a = 1; b = [ordered]@{ c = 'x' } } }
        @{ Kind = 'a custom object'; Params = [pscustomobject]@{ a = 1; b = [pscustomobject]@{ c = 'x' } } }
        @{ Kind = 'what JSON holds'; Params = '{"a": 1, "b": {"c": "x"}}' | ConvertFrom-Json }
        @{ Kind = 'wrapped values'; Params = @{ a = Write-Output 1; b = Write-Output @{ c = Write-Output x } } }
    ) {
        $exp = New-ReplicateExperiment -Params $Params -NoHeartbeat
        $exp.Params.a | Should -Be 1
        $exp.Params.b.c | Should -Be 'x'
    }

    It 'records bound parameters without those of all cmdlets' {
        function Start-Training {
            [CmdletBinding()] param([double] $LearningRate, [switch] $Fast, [string[]] $Names)
            New-ReplicateExperiment -Params $PSBoundParameters -NoHeartbeat
        }
        $exp = Start-Training -LearningRate 0.1 -Fast -Names a, b -Verbose 4> $null
        $exp.Params.Names.Count | Should -Be 2
        $exp.Params.LearningRate | Should -Be 0.1
        $exp.Params.Fast | Should -BeTrue
        $exp.Params.Count | Should -Be 3
    }

    It 'refuses <What>' -ForEach @(
        @{ What = 'a secure string'; Params = { @{ key = [securestring]::new() } }; Id = 'UnsupportedValue*'; Says = '*key*SecureString*' }
        @{ What = 'a credential'; Params = { @{ login = [pscredential]::new('u', [securestring]::new()) } }; Id = 'UnsupportedValue*'; Says = '*login*PSCredential*' }
        @{ What = 'a process'; Params = { @{ p = Get-Process -Id $PID } }; Id = 'UnsupportedValue*'; Says = "*'p'*Process*" }
        @{ What = 'what has no names'; Params = { 5 }; Id = 'ParameterArgumentTransformationError*'; Says = '*Int32*hashtable*' }
        @{ What = 'values that contain themselves'; Params = { $h = @{}; $h.h = $h; $h }; Id = 'ParameterArgumentTransformationError*'; Says = '*64 levels*' }
    ) {
        $failure = Get-Failure { New-ReplicateExperiment -Params (& $Params) }
        $failure.FullyQualifiedErrorId | Should -BeLike $Id
        $failure.Exception.Message | Should -BeLike $Says
        @(Get-ReplicateExperiment).Count | Should -Be 0
    }

    It 'saves files, and lists nothing when that fails' {
        Set-Content train.ps1 code
        (New-ReplicateExperiment -Path . -NoHeartbeat | Get-ReplicateFile).Path | Should -Be 'train.ps1'
        $failure = Get-Failure { New-ReplicateExperiment -Path missing }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PathNotFound*'
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        (Get-Failure { New-ReplicateExperiment -Path ../elsewhere }).FullyQualifiedErrorId | Should -BeLike 'Path*'
        @(Get-ReplicateExperiment).Count | Should -Be 1
    }

    It 'compresses what is saved as it is asked' {
        Set-Content data ('x' * 100000)
        $exp = New-ReplicateExperiment -Path data -CompressionLevel NoCompression -NoHeartbeat
        $stored = $exp | Add-ReplicateCheckpoint -Path data -CompressionLevel NoCompression -PassThru
        $small = $exp | Add-ReplicateCheckpoint -Path data -CompressionLevel SmallestSize -PassThru
        (Get-Item ".replicate/experiments/$($exp.Id).tar.gz").Length | Should -BeGreaterThan 100000
        (Get-Item ".replicate/checkpoints/$($stored.Id).tar.gz").Length | Should -BeGreaterThan 100000
        (Get-Item ".replicate/checkpoints/$($small.Id).tar.gz").Length | Should -BeLessThan 10000
        $line = 'New-ReplicateExperiment -CompressionLevel '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain Fastest
    }

    It 'creates nothing with -WhatIf' {
        New-ReplicateExperiment -WhatIf | Should -BeNullOrEmpty
        "$project/.replicate" | Should -Not -Exist
    }

    It 'refuses two kinds of heartbeat at once' {
        (Get-Failure { New-ReplicateExperiment -NoHeartbeat -Detached }).FullyQualifiedErrorId | Should -BeLike 'HeartbeatAmbiguous,*'
    }

    It 'records a given command as it is' {
        (New-ReplicateExperiment -Command 'python train.py' -NoHeartbeat).Command | Should -Be 'python train.py'
        (New-ReplicateExperiment -Command '' -NoHeartbeat).Command | Should -Be ''
    }

    It 'shows a detached one as running until its time is over' {
        (New-ReplicateExperiment -Detached).Status | Should -Be Running
        (New-ReplicateExperiment -Detached -MaxAge 0).Status | Should -Be Stopped
        (New-ReplicateExperiment -NoHeartbeat).Status | Should -Be Stopped
    }
}

Describe 'Stop-ReplicateExperiment' {
    BeforeAll { $null = Enter-Project }

    It 'records <Status> for <Name>' -ForEach @(
        @{ Name = 'nothing said'; With = @{}; Status = 'Completed'; Code = $null }
        @{ Name = 'exit code 0'; With = @{ ExitCode = 0 }; Status = 'Completed'; Code = 0 }
        @{ Name = 'exit code 3'; With = @{ ExitCode = 3 }; Status = 'Failed'; Code = 3 }
        @{ Name = 'an interruption'; With = @{ Status = 'Interrupted' }; Status = 'Interrupted'; Code = $null }
    ) {
        $exp = New-ReplicateExperiment
        $stopped = $exp | Stop-ReplicateExperiment @With -PassThru
        $stopped.Status | Should -Be $Status
        $stopped.ExitCode | Should -Be $Code
        (Get-ReplicateExperiment $exp.Id).Ended | Should -BeGreaterThan $exp.Created
    }

    It 'stops by prefix, and emits nothing unless asked' {
        $exp = New-ReplicateExperiment
        Stop-ReplicateExperiment $exp.Id.Substring(0, 12) | Should -BeNullOrEmpty
        (Get-ReplicateExperiment $exp.Id).Status | Should -Be Completed
    }

    It 'stops what has an id, and what is one' {
        $first, $second = 1..2 | ForEach-Object { New-ReplicateExperiment }
        [pscustomobject]@{ Id = $first.Id; Status = 'Failed' } | Stop-ReplicateExperiment
        $second.Id | Stop-ReplicateExperiment
        ($first, $second | Get-ReplicateExperiment).Status | Should -Be Completed, Completed
    }

    It 'stops nothing with -WhatIf, and refuses a status that is no end' {
        $exp = New-ReplicateExperiment
        $exp | Stop-ReplicateExperiment -WhatIf
        (Get-ReplicateExperiment $exp.Id).IsRunning | Should -BeTrue
        { $exp | Stop-ReplicateExperiment -Status Running } | Should -Throw
        $exp | Stop-ReplicateExperiment
    }
}

Describe 'Get-ReplicateExperiment' {
    BeforeAll {
        $project = Enter-Project
        $exps = foreach ($rate in 0.01, 0.1, 0.2) {
            $exp = New-ReplicateExperiment -Params @{ learning_rate = $rate; epochs = 10 } -NoHeartbeat
            $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 1 - $rate; accuracy = $rate } -PrimaryMetric loss -Goal minimize
            $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 2 - $rate; accuracy = $rate }
            $exp
        }
        # Another set of params, no primary metric, NaN.
        $other = New-ReplicateExperiment -Params ([ordered]@{ Optimizer = 'adam'; status = 'odd'; loss = 'hinge' }) -NoHeartbeat
        $other | Add-ReplicateCheckpoint -Metrics @{ accuracy = [double]::NaN; id = 7 }
    }
    BeforeEach { Set-Location $project }

    It 'lists oldest first' {
        (Get-ReplicateExperiment).Id | Should -Be @($exps.Id; $other.Id)
    }

    It 'filters, sorts and picks as the documentation says' {
        (Get-ReplicateExperiment -Filter 'loss != null', 'epochs = 10' | Sort-Object loss | Select-Object -First 1).learning_rate | Should -Be 0.2
        (Get-ReplicateExperiment | Where-Object learning_rate -gt 0.05).learning_rate | Should -Be 0.1, 0.2
        (Get-ReplicateExperiment -Filter 'learning_rate < 0.15' -Sort learning_rate-desc).learning_rate | Should -Be 0.1, 0.01
        (Get-ReplicateExperiment -Sort loss).Id[-1] | Should -Be $other.Id
        @(Get-ReplicateExperiment -Status Running).Count | Should -Be 0
        @(Get-ReplicateExperiment -Status Stopped, Running).Count | Should -Be 4
    }

    It 'flattens the metrics of the best, else the latest, checkpoint' {
        $all = Get-ReplicateExperiment
        $all[0].loss | Should -Be 0.99
        $all[0].Checkpoints.Metrics['loss'] | Should -Be 0.99, 1.99
        $all[0].Checkpoints.Step | Should -Be 0, 1
        $all[3].'metrics.id' | Should -Be 7
    }

    It 'gives every object the same columns, and null for missing and NaN' {
        $all = Get-ReplicateExperiment
        $names = $all | ForEach-Object { ($_.PSObject.Properties.Name | Sort-Object) -join ' ' } | Select-Object -Unique
        @($names).Count | Should -Be 1
        $all[0].Optimizer | Should -BeNullOrEmpty
        $all[3].learning_rate | Should -BeNullOrEmpty
        $all[3].accuracy | Should -BeNullOrEmpty
        [double]::IsNaN($all[3].Checkpoints[0].Metrics.accuracy) | Should -BeTrue
    }

    It 'names a column by its kind where the name is taken' {
        $all = Get-ReplicateExperiment
        $all[3].Status | Should -Be Stopped
        $all[3].'params.status' | Should -Be 'odd'
        $all[3].'params.loss' | Should -Be 'hinge'
    }

    It 'exports every column' {
        Get-ReplicateExperiment | Export-Csv out.csv
        $rows = Import-Csv out.csv
        $rows[0].learning_rate | Should -Be '0.01'
        $rows[3].Optimizer | Should -Be 'adam'
        $rows[0].Params | Should -Be 'epochs=10, learning_rate=0.01'
        $rows[0].Checkpoints | Should -BeLike '2 checkpoints, latest *'
        ($rows | Where-Object { $_ -match 'System\.|ExperimentMetadata' }) | Should -BeNullOrEmpty
    }

    It 'gets by prefix and wildcard, from arguments and the pipeline' {
        (Get-ReplicateExperiment $exps[0].Id.Substring(0, 12)).Id | Should -Be $exps[0].Id
        @(Get-ReplicateExperiment '*').Count | Should -Be 4
        ($exps[1].Id, $exps[0].ShortId | Get-ReplicateExperiment).Id | Should -Be $exps[1].Id, $exps[0].Id
        ([pscustomobject]@{ Id = $other.Id } | Get-ReplicateExperiment).Id | Should -Be $other.Id
        Get-ReplicateExperiment 'no-such-*' | Should -BeNullOrEmpty
    }

    It 'reads experiments again' {
        $again = $exps | Get-ReplicateExperiment
        $again.Id | Should -Be $exps.Id
        [object]::ReferenceEquals($again[0].PSObject.BaseObject, $exps[0].PSObject.BaseObject) | Should -BeFalse
    }

    It 'writes an error for an unknown id, and goes on' {
        $found = Get-ReplicateExperiment 'ffffffffffffffff', $other.Id -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Id | Should -Be $other.Id
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'IdNotFound,*'
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failures[0].TargetObject | Should -Be 'ffffffffffffffff'
        $failures[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'lists what an ambiguous prefix could mean' {
        $two = 1..40 | ForEach-Object { New-ReplicateExperiment -NoHeartbeat -Repository file://many } | Group-Object { $_.Id[0] } | Where-Object Count -gt 1 | Select-Object -First 1
        $failure = Get-Failure { Get-ReplicateExperiment $two.Name -Repository file://many -ErrorAction Stop }
        $failure.FullyQualifiedErrorId | Should -BeLike 'IdAmbiguous,*'
        $failure.Exception.Message | Should -BeLike "*$($two.Group[0].ShortId)*"
    }

    It 'ends with an error for a condition that is none' {
        (Get-Failure { Get-ReplicateExperiment -Filter 'loss' -ErrorAction SilentlyContinue }).FullyQualifiedErrorId | Should -BeLike 'InvalidFilter,*'
    }

    It 'follows what is recorded meanwhile' {
        $exp = New-ReplicateExperiment -Params @{ a = 1 } -NoHeartbeat -Repository file://other
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 3 }
        $exp.loss | Should -Be 3
        Add-ReplicateCheckpoint -Id $exp.Id -Repository file://other -Metrics @{ loss = 2; gain = 1 }
        $exp.loss | Should -Be 3
        $exp.Refresh()
        $exp.loss | Should -Be 2
        $exp.gain | Should -Be 1
        $exp.Latest().Step | Should -Be 1
        { $exp.loss = 5 } | Should -Throw
        $exp | Get-ReplicateCheckpoint | Should -HaveCount 2
    }

    It 'warns of a metadata file that it cannot read, and lists the rest' {
        Set-Content .replicate/metadata/experiments/broken.json '{"id": "bro'
        try {
            $all = Get-ReplicateExperiment -WarningVariable warnings -WarningAction SilentlyContinue
            $all.Count | Should -Be 4
            "$warnings" | Should -BeLike '*broken.json*'
            { Get-ReplicateExperiment -WarningAction Stop } | Should -Throw
        }
        finally {
            Remove-Item .replicate/metadata/experiments/broken.json
        }
    }

    It 'lists the experiments of a project made by hand, as a list' {
        $list = [Replicate.Project]::new('file://.replicate', $project).Experiments
        $list.Count | Should -Be 4
        $list[0].learning_rate | Should -Be 0.01
        [Replicate.Project]::new('file://none', $project).Experiments.Count | Should -Be 0
        (Get-ReplicateProject).Experiments.Count | Should -Be 4
    }

    It 'needs no file where repository and project are named' {
        Set-Location /
        (Get-ReplicateExperiment -Repository file://.replicate -ProjectDirectory $project).Count | Should -Be 4
        (Get-ReplicateExperiment -Repository "file://$project/.replicate").Count | Should -Be 4
        Set-Location (Split-Path $project)
        (Get-ReplicateExperiment -ProjectDirectory (Split-Path -Leaf $project)).Count | Should -Be 4
    }

    It 'refuses an unknown scheme' {
        (Get-Failure { Get-ReplicateExperiment -Repository ftp://x }).FullyQualifiedErrorId | Should -BeLike 'UnknownScheme,*'
    }
}

Describe 'Remove-ReplicateExperiment' {
    BeforeEach { $project = Enter-Project; Set-Content model.pth weights }

    It 'deletes experiments with all that was saved' {
        $exp = New-ReplicateExperiment -Path model.pth
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 1 } -Path model.pth
        $kept = New-ReplicateExperiment -NoHeartbeat
        Remove-ReplicateExperiment $exp.Id -WhatIf
        @(Get-ReplicateExperiment).Count | Should -Be 2
        $exp | Remove-ReplicateExperiment
        (Get-ReplicateExperiment).Id | Should -Be $kept.Id
        @(Get-ChildItem .replicate -Recurse -File -Filter '*.tar.gz').Count | Should -Be 0
    }

    It 'never asks unless asked to' {
        (Get-Command Remove-ReplicateExperiment, Remove-ReplicateCheckpoint).ImplementingType |
            ForEach-Object { $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $true).ConfirmImpact } | Should -Be Medium, Medium
    }
}
