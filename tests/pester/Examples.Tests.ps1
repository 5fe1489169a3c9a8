# Every example of Get-Help runs, in a project with a few experiments in it.
BeforeDiscovery {
    Import-Module $PSScriptRoot/../../Replicate.psd1
    $cmdlets = foreach ($cmdlet in Get-Command -Module Replicate -CommandType Cmdlet) {
        # Where the help is missing, the cmdlet has no examples.
        $help = Get-Help $cmdlet.Name -Full
        @{
            Name     = $cmdlet.Name
            Examples = @(if ($help.PSObject.Properties['Examples']) {
                $help.Examples.Example | ForEach-Object { @{ Title = $_.Title.Trim('- '); Code = $_.Code } }
            })
        }
    }
}

BeforeAll {
    . $PSScriptRoot/Support.ps1
    Set-Location (New-Item TestDrive:/template -ItemType Directory)
    Add-SampleExperiment
}

AfterAll {
    Exit-Project
}

Describe 'The examples of <Name>' -ForEach $cmdlets {
    It 'are at least two' {
        $Examples.Count | Should -BeGreaterOrEqual 2
    }

    It '<Title>' -ForEach $Examples {
        $directory = New-Item "TestDrive:/$([guid]::NewGuid())/project" -ItemType Directory
        Copy-Item TestDrive:/template/* $directory -Recurse -Force
        Set-Location $directory
        $ErrorActionPreference = 'Stop'
        # In a scope of its own, and shown, as somebody who pastes it would see it.
        { & ([scriptblock]::Create($Code)) *>&1 | Out-String } | Should -Not -Throw
    }
}
