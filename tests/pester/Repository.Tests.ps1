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

    It 'find nothing wrong with a repository that is whole' {
        Test-ReplicateRepository | Should -BeNullOrEmpty
    }

    It 'mend what can be mended, and say what they did' {
        Remove-Item .replicate/repository.json, ".replicate/checkpoints/$($exp.Checkpoints[0].Id).tar.gz"
        $findings = Test-ReplicateRepository
        $findings.Kind | Should -Be SpecificationMissing, ArchiveMissing
        $findings.Severity | Should -Be Warning, Error
        $findings | Repair-ReplicateRepository -WhatIf | Should -BeNullOrEmpty
        $results = $findings | Repair-ReplicateRepository
        $results.IsMended | Should -Be $true, $false
        $results[0].Action | Should -Be 'repository.json was written.'
        (Test-ReplicateRepository).Kind | Should -Be ArchiveMissing
    }

    It 'move a damaged file aside, and emit findings as they come' {
        Set-Content ".replicate/metadata/experiments/$($exp.Id).json" '{'
        $first = Test-ReplicateRepository | Select-Object -First 1
        $first.Kind | Should -Be MetadataDamaged
        $result = $first | Repair-ReplicateRepository
        Get-Content ".replicate/$($result.MovedTo)" | Should -Be '{'
        Get-ReplicateExperiment | Should -BeNullOrEmpty
    }

    It 'take no file of a writer that may be busy for an orphan, unless they are told its age' {
        $orphan = ".replicate/checkpoints/$('ab' * 32).tar.gz"
        Set-Content $orphan 'in hand'
        Test-ReplicateRepository | Should -BeNullOrEmpty
        Test-ReplicateRepository -OrphanAge 0:10 | Should -BeNullOrEmpty
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
        Test-ReplicateRepository | Should -BeNullOrEmpty
    }

    It 'show what was found without control characters' {
        Set-Content -LiteralPath ".replicate/metadata/heartbeats/a`e[31m.json" '{}'
        (Get-View (Test-ReplicateRepository)) -join "`n" | Should -Match 'a\\u001b|a\\e'
    }
}
