# Every block of PowerShell in the guides runs as it stands, one after the other, under strict mode.
BeforeDiscovery {
    $guides = foreach ($file in Get-Item $PSScriptRoot/../../docs/guides/*.md) {
        $blocks = [regex]::Matches((Get-Content -Raw $file), '(?ms)^```powershell\n(.*?)^```').ForEach{ $_.Groups[1].Value }
        @{ Name = $file.BaseName; Blocks = @($blocks -notmatch '^Set-StrictMode') }
    }
}

BeforeAll {
    . $PSScriptRoot/Support.ps1
}

AfterAll { Exit-Project }

Describe 'The guide <Name>' -ForEach $guides {
    BeforeAll {
        $project = Enter-Project
        Add-SampleExperiment
    }

    It 'has blocks that run' {
        $Blocks.Count | Should -BeGreaterThan 1
        # In a process of its own, as somebody who pastes one after the other would see them.
        $script = "param(`$manifest)`nSet-StrictMode -Version Latest`n`$ErrorActionPreference = 'Stop'`nImport-Module `$manifest`n" + ($Blocks -join "`n")
        $out = Invoke-Pwsh -Arguments $manifest -Script $script
        $LASTEXITCODE | Should -Be 0 -Because ($out | Out-String)
    }
}
