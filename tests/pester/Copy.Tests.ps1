BeforeAll {
    . $PSScriptRoot/Support.ps1
}
AfterAll { Exit-Project }

Describe 'Copy-ReplicateExperiment' {
    BeforeEach {
        $project = Enter-Project
        Set-Content model.pth weights
        $first = New-ReplicateExperiment -Params @{ rate = 0.1 } -Path model.pth -NoHeartbeat
        $first | Add-ReplicateCheckpoint -Metrics @{ loss = 1 } -Path model.pth
        $second = New-ReplicateExperiment -NoHeartbeat
    }

    It 'copies what comes down the pipeline to another repository, and emits nothing' {
        Get-ReplicateExperiment | Copy-ReplicateExperiment -Destination file://backup | Should -BeNullOrEmpty
        $there = Get-ReplicateExperiment -Repository file://backup
        $there.Id | Should -Be $first.Id, $second.Id
        (Restore-ReplicateCheckpoint $first.Checkpoints[0].Id out -Repository file://backup -PassThru).Files | Should -Be 'model.pth'
    }

    It 'copies by id, and emits the copies when asked to' {
        $copy = Copy-ReplicateExperiment $first.ShortId file://backup -PassThru
        $copy.Id | Should -Be $first.Id
        $copy.rate | Should -Be 0.1
        $copy.Project.Repository | Should -Be "file://$project/backup"
        @(Get-ReplicateExperiment -Repository file://backup).Count | Should -Be 1
    }

    It 'writes nothing with -WhatIf' {
        Get-ReplicateExperiment | Copy-ReplicateExperiment -Destination file://backup -WhatIf
        'backup' | Should -Not -Exist
    }

    It 'reports one that went on since, copies the others, and replaces it by force' {
        $first | Copy-ReplicateExperiment -Destination file://backup
        $first | Add-ReplicateCheckpoint -Metrics @{ loss = 0.5 }
        $first, $second | Copy-ReplicateExperiment -Destination file://backup -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed.FullyQualifiedErrorId | Should -BeLike 'ExperimentExists,*'
        $failed[0].TargetObject.Id | Should -Be $first.Id
        $failed[0].CategoryInfo.Category | Should -Be ResourceExists
        (Get-ReplicateExperiment -Repository file://backup).Id | Should -Be $first.Id, $second.Id
        (Copy-ReplicateExperiment $first.Id file://backup -Force -PassThru).Checkpoints.Count | Should -Be 2
    }

    It 'refuses a destination that is none, or the same' {
        (Get-Failure { $first | Copy-ReplicateExperiment -Destination ftp://x }).FullyQualifiedErrorId | Should -BeLike 'UnknownScheme,*'
        (Get-Failure { $first | Copy-ReplicateExperiment -Destination file://.replicate }).FullyQualifiedErrorId | Should -BeLike 'SameRepository,*'
    }
}
