BeforeDiscovery { $fixtures = Test-Path $PSScriptRoot/../../../shared/fixtures/keepsake-iris }
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $start = Get-Location
    $rendering = $PSStyle.OutputRendering
}
AfterAll {
    Set-Location $start
    $PSStyle.OutputRendering = $rendering
}

Describe 'Views' {
    BeforeAll {
        $project = Enter-Project
        Set-Content model.pth weights
        $exps = foreach ($rate in 0.01, 0.1) {
            $exp = New-ReplicateExperiment -Params @{ learning_rate = $rate; epochs = 3 } -Command "train`e[31m.ps1`n" -Path model.pth -NoHeartbeat
            $null = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 0.123456789 + $rate; gain = 2 } -Path model.pth -PrimaryMetric loss -Goal minimize
            $exp
        }
        $exps[1] | Stop-ReplicateExperiment -ExitCode 3
        $chk = $exps[0].Latest()
    }

    It 'show a table of experiments with the params that differ' {
        $view = Get-View (Get-ReplicateExperiment)
        $view[0] | Should -Be 'Id      Age  Status      Params              Best              Latest'
        $view[2] | Should -Match "^$($exps[0].ShortId) \d+s   Stopped     learning_rate=0.01  $($chk.ShortId) step 0    $($chk.ShortId) step 0"
        $view[3].Trim() | Should -Be 'loss=0.13346      loss=0.13346'
        $view[4] | Should -Match "^$($exps[1].ShortId) \d+s   Failed \(3\)  learning_rate=0.1  "
        $view.Length | Should -Be 6
    }

    It 'show all params of a single experiment' {
        "$(Get-View (Get-ReplicateExperiment $exps[0].Id))" | Should -BeLike '*epochs=3*'
    }

    It 'show user and host when they differ' {
        $file = Get-Item ".replicate/metadata/experiments/$($exps[1].Id).json"
        $json = Get-Content $file -Raw
        try {
            Set-Content $file ($json -replace '"user": ".*?"', '"user": "somebody"') -NoNewline
            $view = Get-View (Get-ReplicateExperiment) -Width 120
            $view[0] | Should -Match '^Id +Age +Status +User +Host +Params +Best +Latest$'
            "$view" | Should -BeLike '*somebody*'
        }
        finally {
            Set-Content $file $json -NoNewline
        }
    }

    It 'show an experiment in detail' {
        $view = Get-View (Get-ReplicateExperiment $exps[1].Id) -Width 120 -Format { $input | Format-List }
        # The longest label of this machine's facts decides where the values begin.
        $view = $view -replace '^(\S.*?) +: ', '$1: ' -replace '^ +', '  '
        $view[0] | Should -Be "Id: $($exps[1].Id)"
        $view | Should -Contain 'Status: Failed (3)'
        $view | Should -Contain 'Command: train\u001b[31m.ps1\n'
        $view | Should -Contain 'Params: epochs:        3'
        $view | Should -Contain '  learning_rate: 0.1'
        $view | Should -Contain 'Primary metric: loss (minimize)'
        $view[-1] | Should -BeLike "Checkpoints: ``* $($exps[1].Latest().ShortId) (step 0), *s ago: loss=0.22346 gain=2"
    }

    It 'show checkpoints as a table and in detail' {
        $view = Get-View $chk
        $view[0] | Should -Match '^Id +Step Created Experiment Path +Metrics$'
        $view[2] | Should -Match "^$($chk.ShortId) +0 \d+s +$($exps[0].ShortId) +model.pth loss=0.13346 gain=2$"
        $view = Get-View $chk -Width 120 -Format { $input | Format-List }
        $view | Should -Contain "Experiment     : $($exps[0].Id)"
        $view | Should -Contain 'Metrics        : gain: 2'
    }

    It 'show differences by section' {
        $view = Get-View (Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id)
        $view | Should -Contain '   Section: Params'
        $view | Should -Contain 'learning_rate 0.01 0.1'
        ($view -match '^ID')[0] | Should -Match "^ID +$($exps[0].ShortId) +$($exps[1].ShortId)$"
        "$view" | Should -BeLike '*0.133456789*'
    }

    It 'show saved files like a directory' {
        (Get-View ($chk | Get-ReplicateFile))[2] | Should -Match '^rw-[rw-]{2}[r-]-[r-]-- .* 8 model.pth$|^rw-r--r-- .* 8 model.pth$'
    }

    It 'show a check-out' {
        $view = Get-View (Restore-ReplicateCheckpoint $chk.Id out -PassThru 6> $null) -Width 300
        $view | Should -Contain "Checkpoint      : $($chk.ShortId) (step 0)"
        $view | Should -Contain 'Files           : 1'
    }
}

Describe 'The repositories of the original' -Skip:(-not $fixtures) {
    BeforeAll {
        $fixture = [IO.Path]::GetFullPath("$root/../shared/fixtures")
        function Get-Original([string] $Name) { Get-ReplicateExperiment -Repository "file://$fixture/$Name/.keepsake" -ProjectDirectory "$fixture/$Name" }
    }

    It '<_> lists the same ids, best and latest checkpoints' -ForEach 'keepsake-iris', 'keepsake-edge' {
        $expected = Get-Content "$fixture/$_/expected/ls.json" -Raw | ConvertFrom-Json
        $all = Get-Original $_
        $all.Id | Should -Be $expected.id
        foreach ($i in 0..($all.Count - 1)) {
            "$(${all}[$i].Best()?.Id)" | Should -Be "$($expected[$i].best_checkpoint?.id)"
            "$(${all}[$i].Latest()?.Id)" | Should -Be "$($expected[$i].latest_checkpoint?.id)"
        }
    }

    It '<_> shows in every view, without a control character' -ForEach 'keepsake-iris', 'keepsake-edge' {
        $all = Get-Original $_
        foreach ($format in { $input }, { $input | Format-List }, { $input | Format-List * }) {
            { Get-View $all -Format $format } | Should -Not -Throw
        }
        Get-View ($all | Get-ReplicateCheckpoint) -Format { $input | Format-List } | Should -Not -BeNullOrEmpty
        (Get-View $all -Format { $input | Format-List }) -join "`n" | Should -Not -Match '[\x00-\x09\x0b-\x1f]'
    }

    It 'keepsake-edge has properties for keys of every kind' {
        $exp = Get-Original keepsake-edge | Where-Object ShortId -eq ffc8452
        $exp.'key with space' | Should -Be 1
        $exp.max64 | Should -Be ([long]::MaxValue)
        $exp.big53 | Should -Be 9007199254740993
        $exp.nan | Should -BeNullOrEmpty
        $exp.inf | Should -Be ([double]::PositiveInfinity)
        $exp.Params.d.a.c[0] | Should -Be 1
        $exp.uni | Should -Be 'héllo ☃ 😀'
    }
}
