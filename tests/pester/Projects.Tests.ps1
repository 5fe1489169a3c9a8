BeforeAll {
    . $PSScriptRoot/Support.ps1
}
AfterAll { Exit-Project }

Describe 'Initialize- and Get-ReplicateProject' {
    BeforeEach { $project = Enter-Project }

    It 'write a configuration that is then in force' {
        $written = Initialize-ReplicateProject -PrimaryMetric loss -Goal minimize
        $written | Should -BeOfType ([Replicate.Project])
        $null = New-Item deep/er -ItemType Directory
        Set-Location deep/er
        $found = Get-ReplicateProject
        $found.Directory | Should -Be $project
        $found.Repository | Should -Be "file://$project/.replicate"
        $found.ConfigurationFile | Should -Be "$project/replicate.yaml"
        "$($found.PrimaryMetric)" | Should -Be 'loss (minimize)'
    }

    It 'take repository and directory' {
        (Initialize-ReplicateProject -Repository file://elsewhere -ProjectDirectory new).Repository | Should -Be "file://$project/new/elsewhere"
        "$project/new/replicate.yaml" | Should -Exist
    }

    It 'replace a configuration only when forced' {
        $null = Initialize-ReplicateProject
        $failure = Get-Failure { Initialize-ReplicateProject -Repository file://other }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ConfigurationExists,*'
        (Initialize-ReplicateProject -Repository file://other -Force).Repository | Should -BeLike '*/other'
    }

    It 'write nothing with -WhatIf' {
        Initialize-ReplicateProject -WhatIf | Should -BeNullOrEmpty
        "$project/replicate.yaml" | Should -Not -Exist
    }

    It 'name file and line of a key that is wrong, and warn of old ones' {
        Set-Content replicate.yaml "repository: file://.replicate`nrepo: x"
        $failure = Get-Failure { Get-ReplicateProject }
        "$failure" | Should -BeLike "*replicate.yaml*"
        Set-Content replicate.yaml "storage: .replicate"
        $null = Get-ReplicateProject -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*storage*'
    }

    It 'show themselves as a list' {
        Get-View (Get-ReplicateProject) -Width 300 | Should -Be @(
            "Directory         : $project"
            "Repository        : file://$project/.replicate"
            'ConfigurationFile :'
            'PrimaryMetric     :'
        )
    }
}
