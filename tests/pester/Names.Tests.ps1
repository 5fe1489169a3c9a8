BeforeAll {
    . $PSScriptRoot/Support.ps1
    $project = Enter-Project
    Set-Content replicate.yaml 'repository: file://.replicate'
    $exp = New-ReplicateExperiment -NoHeartbeat -Params @{ lr = 0.1 }
    Set-Content model.txt first
    $first = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 0.5 } -Path model.txt -PassThru
    Set-Content model.txt second
    $second = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 0.25 } -Path model.txt -PassThru
    $exp | Stop-ReplicateExperiment
}
AfterAll { Exit-Project }

Describe 'Names of checkpoints' {
    BeforeEach {
        Get-ReplicateName | ForEach-Object { Set-ReplicateCheckpoint $_.Id -RemoveName $_.Name -Force }
    }

    It 'stand wherever an id does' {
        Set-ReplicateCheckpoint $second.Id -Name production, newest -Reason 'passed review' | Should -BeNullOrEmpty
        $first | Set-ReplicateCheckpoint -Name oldest -PassThru | ForEach-Object Id | Should -Be $first.Id
        (Get-ReplicateCheckpoint Production).loss | Should -Be 0.25
        (Open-ReplicateFile production -Path model.txt).Trim() | Should -Be second
        $null = Restore-ReplicateCheckpoint oldest -OutputDirectory restored
        Get-Content restored/model.txt | Should -Be first
        (Compare-ReplicateCheckpoint oldest newest | Where-Object Name -eq loss).Values | Should -Be 0.5, 0.25
        $from = New-ReplicateExperiment -From oldest -NoHeartbeat
        $from.Parent | Should -Be $exp.Id
        Get-Content model.txt | Should -Be first
        $from | Remove-ReplicateExperiment
    }

    It 'tell what became of them' {
        $first | Set-ReplicateCheckpoint -Name staging -Reason 'first try'
        $second | Set-ReplicateCheckpoint -Name staging -Reason 'passed review' -Protect
        $name = Get-ReplicateName stag*
        $name.Name, $name.Id, $name.Protected, $name.Why | Should -Be 'staging', $second.Id, $true, 'passed review'
        $name.Checkpoint.loss | Should -Be 0.25
        $name.Experiment.lr | Should -Be 0.1
        $name.History.Why | Should -Be 'first try', 'passed review'
        $name.History[1].Before | Should -Be $first.Id
        $name.History[1].Who | Should -BeLike "*@$([Environment]::MachineName)"
        ($name | Get-ReplicateCheckpoint).loss | Should -Be 0.25
        (Get-View $name)[2] | Should -BeLike "staging *$($second.ShortId)*"
        (Get-View $name.History -Width 120)[3] | Should -BeLike '*passed review'
    }

    It 'keep a checkpoint and its experiment from being removed' {
        $other = New-ReplicateExperiment -NoHeartbeat
        $checkpoint = $other | Add-ReplicateCheckpoint -Metrics @{ loss = 1 } -PassThru
        $checkpoint | Set-ReplicateCheckpoint -Name keep-me
        $other | Remove-ReplicateExperiment -ErrorAction SilentlyContinue -ErrorVariable problems
        Remove-ReplicateCheckpoint keep-me -ErrorAction SilentlyContinue -ErrorVariable +problems
        $problems.FullyQualifiedErrorId | ForEach-Object { $_.Split(',')[0] } | Should -Be CheckpointNamed, CheckpointNamed
        "$($problems[0])" | Should -BeLike "*has a name: 'keep-me'*"
        (Get-ReplicateCheckpoint keep-me).loss | Should -Be 1
        $other | Remove-ReplicateExperiment -Force
        Get-ReplicateName | Should -BeNullOrEmpty
    }

    It 'are refused where they could be something else' {
        (Get-Failure { Set-ReplicateCheckpoint $first.Id -Name beef }).FullyQualifiedErrorId | Should -BeLike 'InvalidName*'
        (Get-Failure { Set-ReplicateCheckpoint $first.Id }).FullyQualifiedErrorId | Should -BeLike 'NothingToSet*'
        (Get-Failure { Get-ReplicateName nothing }).FullyQualifiedErrorId | Should -BeLike 'NameNotFound*'
        $first | Set-ReplicateCheckpoint -Name production -Protect
        (Get-Failure { $second | Set-ReplicateCheckpoint -Name production }).FullyQualifiedErrorId | Should -BeLike 'NameProtected*'
        $second | Set-ReplicateCheckpoint -Name production -Force -WhatIf
        (Get-ReplicateCheckpoint production).loss | Should -Be 0.5
    }

    It 'are completed beside ids' {
        $second | Set-ReplicateCheckpoint -Name production -Reason 'passed review'
        foreach ($line in 'Restore-ReplicateCheckpoint pro', 'Get-ReplicateName ', 'New-ReplicateExperiment -From PROD', 'Remove-ReplicateCheckpoint p') {
            $found = (TabExpansion2 $line $line.Length).CompletionMatches | Select-Object -First 1
            $found.CompletionText | Should -Be production -Because $line
            $found.ToolTip | Should -Be "Name of checkpoint $($second.ShortId): passed review"
        }
        @((TabExpansion2 'Stop-ReplicateExperiment pro' 28).CompletionMatches | ForEach-Object CompletionText) | Should -Not -Contain production
    }
}
