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

    It 'show what was found without control characters' {
        Set-Content -LiteralPath ".replicate/metadata/heartbeats/a`e[31m.json" '{}'
        (Get-View (Test-ReplicateRepository)) -join "`n" | Should -Match 'a\\u001b|a\\e'
    }
}
