BeforeDiscovery { $hasTerminal = $IsLinux -and (Get-Command script -ErrorAction Ignore) }
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $rendering = $PSStyle.OutputRendering
    $project = Enter-Project
    $exps = foreach ($rate in 0.01, 0.1, 0.3) {
        $exp = New-ReplicateExperiment -Params @{ learning_rate = $rate; optimizer = "opt$rate" } -NoHeartbeat
        foreach ($step in 0..9) {
            $null = $exp | Add-ReplicateCheckpoint -Step $step -PrimaryMetric loss -Goal minimize -Metrics @{
                loss = 1 / (1 + $step * $rate * 10); gain = $step; flat = 1
            }
        }
        $exp
    }
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}
AfterAll {
    Exit-Project
    $PSStyle.OutputRendering = $rendering
}

Describe 'Show-ReplicatePlot' {
    BeforeEach {
        Set-Location $project
        $PSStyle.OutputRendering = 'Host'
    }

    It 'plots the primary metric of experiments, named by the params that differ' {
        $lines = $exps | Show-ReplicatePlot
        $lines[0].Trim() | Should -Be loss
        $lines.Where({ $_.Trim() -eq 'step' }).Count | Should -Be 1
        ($lines -match "^A ── $($exps[0].ShortId) learning_rate=0.01").Count | Should -Be 1
        ($lines -match "^C ── $($exps[2].ShortId) learning_rate=0.3.*\* best 0\.0357").Count | Should -Be 1
        $lines | ForEach-Object { $_ | Should -BeOfType string }
    }

    It 'takes experiments, checkpoints and ids, and both kinds together' {
        $slice = $exps[0].Checkpoints | Select-Object -Last 4 | Show-ReplicatePlot loss
        ($slice -match '^ +6 +7 +8 +9$').Count | Should -Be 1
        $mixed = @($exps[0]; $exps[1].Checkpoints | Select-Object -First 3) | Show-ReplicatePlot loss
        ($mixed -match '^[AB] ── ').Count | Should -Be 2
        (Show-ReplicatePlot gain -Id $exps[0].Id)[0].Trim() | Should -Be gain
        ($exps.Id | Show-ReplicatePlot gain)[0].Trim() | Should -Be gain
        (Show-ReplicatePlot -Experiment $exps)[0].Trim() | Should -Be loss
    }

    It 'is a method of experiments and slices of checkpoints, as in the original' {
        $exps[0].Plot()[0].Trim() | Should -Be loss
        $exps[0].Plot('gain')[0].Trim() | Should -Be gain
        $exps[0].Plot('loss', $true)[0].Trim() | Should -Be 'loss (log)'
        ($exps[0].Checkpoints.Last(4).Plot() -match '^ +6 +7 +8 +9$').Count | Should -Be 1
    }

    It 'plots several metrics below one another, and against a param' {
        (($exps | Show-ReplicatePlot loss, gain).Trim() -match '^(loss|gain)$') | Should -Be loss, gain
        ($exps | Show-ReplicatePlot -Param learning_rate -LogX).Trim() | Should -Contain 'learning_rate (log)'
        ($exps | Show-ReplicatePlot gain -Param optimizer) -match 'opt0.01 +opt0.1 +opt0.3' | Should -Not -BeNullOrEmpty
    }

    It 'is 80 characters wide without a window, else as wide as asked for' {
        ($exps | Show-ReplicatePlot | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        ($exps | Show-ReplicatePlot -Width 50 -Height 4 | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 50
        ($exps | Show-ReplicatePlot -Height 4).Count | Should -Be 12
    }

    It 'says what is left out of a logarithmic axis' {
        $null = $exps | Show-ReplicatePlot gain -LogY -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '3 values that are zero or below are left out*'
    }

    It 'is in color where a view shows it, if that is wanted, and plain text everywhere else' {
        $PSStyle.OutputRendering = 'Ansi'
        $lines = $exps | Show-ReplicatePlot
        $lines | Out-String | Should -Match "`e\[38;5;32m"
        "$lines" | Should -Not -Match "`e"
        $lines | Set-Content plot.txt
        Get-Content plot.txt -Raw | Should -Not -Match "`e"
        foreach ($rendering in 'Host', 'PlainText') {
            $PSStyle.OutputRendering = $rendering
            $lines | Out-String | Should -Not -Match "`e"
            $lines > plot.txt
            Get-Content plot.txt -Raw | Should -Not -Match "`e"
            $exps | Show-ReplicatePlot | Out-String | Should -Not -Match "`e"
        }
    }

    It 'is plain in a redirected shell' {
        $output = Invoke-Pwsh "Import-Module '$manifest'; Get-ReplicateExperiment | Show-ReplicatePlot"
        "$output" | Should -BeLike '*learning_rate=0.01*'
        "$output" | Should -Not -Match "`e"
    }

    It 'is as wide as the window, and in color, at a prompt' -Tag 'Needs script' -Skip:(-not $hasTerminal) {
        $file = "$(New-Item "TestDrive:/$([guid]::NewGuid())" -ItemType Directory)/run.ps1"
        Set-Content $file "Import-Module '$manifest'; Get-ReplicateExperiment | Show-ReplicatePlot"
        $output = (script -qec "stty cols 110 rows 40; TERM=xterm pwsh -NoProfile -File '$file'" /dev/null) -join "`n"
        $output | Should -Match "`e\[38;5;32m"
        $lines = $output -replace "`e\[[0-9;?]*[a-zA-Z]|`e=" -split '\r?\n' -match '[│┤]'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -Be 109
    }

    It 'fails with one clear error: <Id>' -ForEach @(
        @{ Id = 'NothingToPlot'; Script = { @() | Show-ReplicatePlot } }
        @{ Id = 'NothingToPlot'; Script = { New-ReplicateExperiment -NoHeartbeat -Repository file://empty | Show-ReplicatePlot } }
        @{ Id = 'MetricNotFound'; Script = { $exps | Show-ReplicatePlot nothing } }
        @{ Id = 'ParamNotFound'; Script = { $exps | Show-ReplicatePlot -Param nothing } }
        @{ Id = 'NotANumber'; Script = { $exps | Show-ReplicatePlot -Param optimizer -LogX } }
        @{ Id = 'NothingToSmooth'; Script = { $exps | Show-ReplicatePlot -Param learning_rate -Smooth 5 } }
        @{ Id = 'UnknownPlotFormat'; Script = { $exps | Export-ReplicatePlot -OutFile plot.png } }
    ) {
        $failure = Get-Failure $Script
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'opens no browser where nobody is' {
        $output = Invoke-Pwsh "Import-Module '$manifest'; try { Get-ReplicateExperiment | Show-ReplicatePlot -Browser } catch { `$_.FullyQualifiedErrorId }"
        $output | Should -BeLike 'NoUserForBrowser,*'
    }

    It 'completes metrics and params' {
        Complete 'Show-ReplicatePlot ' | Should -Be flat, gain, loss
        Complete 'Get-ReplicateExperiment | Show-ReplicatePlot loss, g' | Should -Be gain
        Complete 'Get-ReplicateExperiment | Export-ReplicatePlot -Param ' | Should -Be learning_rate, optimizer
    }
}

Describe 'Export-ReplicatePlot' {
    BeforeEach { Set-Location $project }

    It 'writes an image that is XML, and a page, over what is there' {
        Set-Content plot.svg old
        $file = $exps | Export-ReplicatePlot loss -OutFile plot.svg -PassThru
        $file | Should -BeOfType IO.FileInfo
        ([xml](Get-Content $file -Raw)).svg.title | Should -Be 'loss over step'
        $exps | Export-ReplicatePlot loss, gain -OutFile plot.html | Should -BeNullOrEmpty
        Get-Content plot.html -Raw | Should -BeLike '<!DOCTYPE html>*default-src ''none''*'
        Get-ChildItem *.tmp | Should -BeNullOrEmpty
    }

    It 'writes nothing with -WhatIf' {
        $exps | Export-ReplicatePlot -OutFile whatif.svg -WhatIf
        Test-Path whatif.svg | Should -BeFalse
    }

    It 'keeps what is there when the plot fails' {
        Set-Content kept.svg old
        Get-Failure { $exps | Export-ReplicatePlot nothing -OutFile kept.svg } | Should -Not -BeNullOrEmpty
        Get-Content kept.svg | Should -Be old
    }
}
