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
    Import-Module $PSScriptRoot/../../Replicate.psd1
    $start = Get-Location
    Set-Location (New-Item TestDrive:/template -ItemType Directory)
    Set-Content replicate.yaml 'repository: file://.replicate'
    Set-Content train.py 'print("training")'
    foreach ($rate in 0.01, 0.1, 0.3) {
        $experiment = New-ReplicateExperiment -Params @{ learning_rate = $rate; num_epochs = 20 } -Path .
        foreach ($epoch in 10, 20) {
            $loss = 1 / $epoch + $rate
            @{ loss = $loss } | ConvertTo-Json | Set-Content model.json
            $experiment | Add-ReplicateCheckpoint -Step $epoch -Path model.json -PrimaryMetric loss -Goal minimize -Metrics @{
                loss = $loss; accuracy = 1 - $loss
            }
        }
        $experiment | Stop-ReplicateExperiment -ExitCode ([int]($rate -eq 0.3))
    }
}

AfterAll {
    Set-Location $start
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
