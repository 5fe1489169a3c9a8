BeforeAll {
    . $PSScriptRoot/Support.ps1
}
AfterAll { Exit-Project }

Describe 'Test- and Repair-ReplicateRepository' {
    BeforeEach {
        $project = Enter-Project
        Set-Content train.py 'train'
        $exp = New-ReplicateExperiment -Path train.py
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 1 } -Path train.py
        $exp | Stop-ReplicateExperiment
    }

    It 'say that a repository that is whole is healthy' {
        $health = Test-ReplicateRepository
        $health.Healthy | Should -BeTrue
        $health.Experiments, $health.Checkpoints, $health.Errors, $health.Warnings | Should -Be 1, 1, 0, 0
        $health.Findings | Should -BeNullOrEmpty
        "$health" | Should -Be 'healthy'
        $health | Repair-ReplicateRepository | Should -BeNullOrEmpty
    }

    It 'mend what can be mended, and say what they did' {
        Remove-Item .replicate/repository.json, ".replicate/checkpoints/$($exp.Checkpoints[0].Id).tar.gz"
        $health = Test-ReplicateRepository
        $health.Healthy | Should -BeFalse
        "$health" | Should -Be '1 error, 1 warning'
        "$(Get-View $health -Width 300)" | Should -BeLike '*Error ArchiveMissing checkpoints/*'
        $findings = $health.Findings
        $findings.Kind | Should -Be SpecificationMissing, ArchiveMissing
        $findings.Severity | Should -Be Warning, Error
        $findings | Repair-ReplicateRepository -WhatIf | Should -BeNullOrEmpty
        $results = $health | Repair-ReplicateRepository
        $results.IsMended | Should -Be $true, $false
        $results[0].Action | Should -Be 'repository.json was written.'
        (Test-ReplicateRepository).Findings.Kind | Should -Be ArchiveMissing
    }

    It 'move a damaged file aside' {
        Set-Content ".replicate/metadata/experiments/$($exp.Id).json" '{'
        $first = (Test-ReplicateRepository).Findings[0]
        $first.Kind | Should -Be MetadataDamaged
        $result = $first | Repair-ReplicateRepository
        Get-Content ".replicate/$($result.MovedTo)" | Should -Be '{'
        Get-ReplicateExperiment | Should -BeNullOrEmpty
    }

    It 'take no file of a writer that may be busy for an orphan, unless they are told its age' {
        $orphan = ".replicate/checkpoints/$('ab' * 32).tar.gz"
        Set-Content $orphan 'in hand'
        (Test-ReplicateRepository).Healthy | Should -BeTrue
        (Test-ReplicateRepository -OrphanAge 0:10).Healthy | Should -BeTrue
        $result = Test-ReplicateRepository -OrphanAge 0 | Repair-ReplicateRepository
        Get-Content ".replicate/$($result.MovedTo)" | Should -Be 'in hand'
        { Test-ReplicateRepository -OrphanAge -1 -ErrorAction Stop } | Should -Throw '*less than nothing*'
    }

    It 'put back what was moved aside and is part of an experiment after all' {
        $name = "checkpoints/$($exp.Checkpoints[0].Id).tar.gz"
        $null = New-Item -ItemType Directory .replicate/aside/20260101T000000Z/checkpoints
        Move-Item ".replicate/$name" ".replicate/aside/20260101T000000Z/$name"
        Restore-ReplicateCheckpoint $exp.Checkpoints[0].Id -OutputDirectory out 6> $null
        Get-Content out/train.py | Should -Be 'train'
        (Test-ReplicateRepository | Repair-ReplicateRepository).MovedTo | Should -Be $name
        (Test-ReplicateRepository).Findings | Should -BeNullOrEmpty
    }

    It 'show what was found without control characters' {
        Set-Content -LiteralPath ".replicate/metadata/heartbeats/a`e[31m.json" '{}'
        (Get-View (Test-ReplicateRepository)) -join "`n" | Should -Match 'a\\u001b|a\\e'
    }
}
