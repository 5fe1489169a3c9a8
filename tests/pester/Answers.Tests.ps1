# Commands that have an answer without being told what is meant.
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $project = Enter-Project
    Set-Content model.txt weights
    $exps = foreach ($loss in 0.5, 0.1, 0.3) {
        $exp = New-ReplicateExperiment -Params @{ rate = $loss } -NoHeartbeat -Path model.txt -Tag "t$loss", all
        Set-Content model.txt "weights of $loss"
        foreach ($step in 1..4) { $exp | Add-ReplicateCheckpoint -Step $step -Path model.txt -PrimaryMetric loss -Goal minimize -Metrics @{ loss = $loss + 1 / $step } }
        $exp
    }
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}
AfterAll { Exit-Project }

Describe 'Without an argument' {
    BeforeEach { Set-Location $project }

    It 'the newest, the best and those of a tag or a time are got' {
        (Get-ReplicateExperiment -Last 2).Id | Should -Be $exps[1].Id, $exps[2].Id
        (Get-ReplicateExperiment -Last 2 -Sort rate-desc).rate | Should -Be 0.3, 0.1
        (Get-ReplicateExperiment -Best).rate | Should -Be 0.1
        (Get-ReplicateExperiment -Filter 'rate > 0.2' -Best).rate | Should -Be 0.3
        (Get-ReplicateExperiment -Tag all, t0.5).rate | Should -Be 0.5
        @(Get-ReplicateExperiment -Since 7d).Count | Should -Be 3
        @(Get-ReplicateExperiment -Since 12h).Count | Should -Be 3
        @(Get-ReplicateExperiment -Since ([timespan]::FromMinutes(30))).Count | Should -Be 3
        @(Get-ReplicateExperiment -Since (Get-Date).AddDays(1)).Count | Should -Be 0
        { Get-ReplicateExperiment -Since 7 } | Should -Throw '*7d*'
        @(Get-ReplicateExperiment -Filter 'rate > 9' -Best).Count | Should -Be 0
    }

    It 'a plot shows all runs' {
        $plot = Show-ReplicatePlot loss -Width 60 -Height 4
        foreach ($exp in $exps) { "$plot" | Should -BeLike "*$($exp.ShortId)*" }
        Export-ReplicatePlot loss -OutFile plot.svg
        Get-Content plot.svg -Raw | Should -BeLike "*$($exps[0].ShortId)*"
        { Get-ReplicateExperiment -Filter 'rate > 9' | Show-ReplicatePlot loss } | Should -Throw '*nothing to plot*'
    }

    It 'the best run is compared with the latest' {
        (Compare-ReplicateCheckpoint | Where-Object Name -eq rate).Values | Should -Be 0.1, 0.3
        (Compare-ReplicateCheckpoint | Where-Object Name -eq ID)[0].Values | Should -Be $exps[1].Id, $exps[2].Id
    }

    It 'the best of all is checked out' {
        Restore-ReplicateCheckpoint -Best -OutputDirectory out 6> $null
        Get-Content out/model.txt | Should -Be 'weights of 0.1'
        Restore-ReplicateCheckpoint -Latest -OutputDirectory out2 6> $null
        Get-Content out2/model.txt | Should -Be 'weights of 0.3'
        (Get-Failure { Restore-ReplicateCheckpoint }).FullyQualifiedErrorId | Should -BeLike 'ExperimentMissing,*'
    }

    It 'all checkpoints are got, of each the best' {
        @(Get-ReplicateCheckpoint).Count | Should -Be 12
        (Get-ReplicateCheckpoint -Best).loss | Should -Be 0.75, 0.35, 0.55
    }

    It 'aliases are short' {
        (grx -Last 1).Id | Should -Be $exps[2].Id
        (crc | Measure-Object).Count | Should -BeGreaterThan 1
        (grc -Latest)[0].Step | Should -Be 4
    }
}

Describe 'Behind our cmdlets' {
    BeforeEach { Set-Location $project }

    It 'the shell completes params and metrics: <line>' -ForEach @(
        @{ line = 'Get-ReplicateExperiment | Sort-Object lo'; expected = 'loss' }
        @{ line = 'grx -Filter "loss < 1" | Where-Object ra'; expected = 'rate' }
        @{ line = 'Get-ReplicateExperiment | Format-Table ShortId, lo'; expected = 'loss' }
        @{ line = 'Get-ReplicateExperiment | Where-Object loss -lt 1 | Select-Object Sta'; expected = 'Status' }
        @{ line = 'Get-ReplicateCheckpoint | Sort-Object -Property lo'; expected = 'loss' }
    ) {
        Complete $line | Should -Be $expected
    }

    It 'and goes on as before behind others' {
        Complete 'Get-Process | Sort-Object WorkingSet6' | Should -Be WorkingSet64
    }
}
