BeforeDiscovery { $fixtures = Test-Path $PSScriptRoot/../../../shared/fixtures/keepsake-iris }
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $rendering = $PSStyle.OutputRendering
}
AfterAll {
    Exit-Project
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

    It 'show a table of experiments with the params that differ, a line each' {
        $view = Get-View (Get-ReplicateExperiment) -Width 120
        $view[0] | Should -Match '^  Id +Age +Status +learning_rate +loss +Best$'
        $view[1] | Should -Match "^\* $($exps[0].ShortId)  \d+ (second|minute)s? ago +stopped +0.01 +0.13346 +$($chk.ShortId) \(step 0\)$"
        $view[2] | Should -Match "^  $($exps[1].ShortId)  \d+ (second|minute)s? ago +failed \(3\) +0.1 +0.22346 "
        $view.Length | Should -Be 3
    }

    It 'show all params of a single experiment' {
        $view = Get-View (Get-ReplicateExperiment $exps[0].Id)
        $view[0] | Should -Match ' epochs  learning_rate  loss'
        $view[1] | Should -Match ' 3       0.01           0.13346'
    }

    It 'show user and host when they differ' {
        $file = Get-Item ".replicate/metadata/experiments/$($exps[1].Id).json"
        $json = Get-Content $file -Raw
        try {
            Set-Content $file ($json -replace '"user": ".*?"', '"user": "somebody"') -NoNewline
            $view = Get-View (Get-ReplicateExperiment) -Width 200
            $view[0] | Should -Match '^  Id +Age +Status +User +learning_rate +loss +Best$'
            "$view" | Should -BeLike '*somebody*'
        }
        finally {
            Set-Content $file $json -NoNewline
        }
    }

    It 'show an experiment in detail' {
        $view = Get-View (Get-ReplicateExperiment $exps[1].Id) -Width 120 -Format { $input | Format-List }
        $view[0] | Should -Match "^Id +: $($exps[1].Id)$"
        # How far the values stand from the names depends on the longest name that is shown.
        $lines = $view -replace ' +: ', ': ' -replace '^ +', ' '
        $lines | Should -Contain 'Status: failed (3)'
        $lines | Should -Contain 'Command: train\u001b[31m.ps1\n'
        $lines | Should -Contain 'Params: epochs:        3'
        $lines | Should -Contain ' learning_rate: 0.1'
        $lines | Should -Contain 'Primary metric: loss (minimize)'
        $lines[-1] | Should -BeLike "Checkpoints: ``* $($exps[1].Latest().ShortId) (step 0), * ago: loss=0.22346 gain=2"
    }

    It 'show checkpoints as a table and in detail' {
        $view = Get-View $chk
        $view[0] | Should -Match '^  Id +Step +Age +loss +gain +Path$'
        $view[1] | Should -Match "^\* $($chk.ShortId) +0 +\d+ (second|minute)s? ago +0.13346 +2 +model.pth$"
        $view = Get-View $chk -Width 120 -Format { $input | Format-List }
        $view | Should -Contain "Experiment     : $($exps[0].Id)"
        $view | Should -Contain 'Metrics        : gain: 2'
    }

    It 'show differences by section' {
        $view = Get-View (Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id)
        $view | Should -Contain '   Section: Params'
        $view | Should -Contain 'learning_rate    0.01                            0.1'
        ($view -match '^ID')[0] | Should -Match "^ID +$($exps[0].ShortId) +$($exps[1].ShortId)$"
        "$view" | Should -BeLike '*0.133456789*'
    }

    It 'show saved files like a directory' {
        (Get-View ($chk | Get-ReplicateFile))[2] | Should -Match '^ +8 model.pth .* rw-.{6}$'
    }

    It 'show a check-out' {
        $view = Get-View (Restore-ReplicateCheckpoint $chk.Id out -PassThru 6> $null) -Width 300
        $view | Should -Contain "Checkpoint      : $($chk.ShortId) (step 0)"
        $view | Should -Contain 'Files           : 1'
    }
}

Describe 'Views in a window of <width> columns' -ForEach @(foreach ($width in 40, 80, 120, 200) { @{ width = $width } }) {
    BeforeAll {
        $zone = $env:TZ
        $env:TZ = 'UTC'
        [TimeZoneInfo]::ClearCachedData()
        $null = Enter-Project
        $null = New-Item .replicate/metadata/experiments -ItemType Directory
        $null = New-Item .replicate/metadata/heartbeats -ItemType Directory
        function Get-Moment([double] $Minutes) { [DateTime]::UtcNow.AddMinutes(-$Minutes).ToString('yyyy-MM-ddTHH:mm:ssZ') }
        function Write-Experiment([string] $Letter, [string] $Created, [hashtable] $Params, [object[]] $Loss, [hashtable] $More = @{}) {
            $id = $Letter * 64
            $step = 0
            [ordered]@{
                id = $id; created = $Created; params = $Params; host = 'box'; user = 'ann'; command = "train.ps1 -Seed 1`e[31m"; path = ''
                checkpoints = @(foreach ($value in $Loss) {
                    @{
                        id = ('{0}{1:d2}' -f $Letter, $step) + 'f' * 61; created = $Created; metrics = @{ loss = $value; accuracy = 0.5 }
                        step = ++$step; path = ''; primary_metric = @{ name = 'loss'; goal = 'minimize' }
                    }
                })
                replicate_version = '0.1'; powershell = $More
            } | ConvertTo-Json -Depth 9 | Set-Content ".replicate/metadata/experiments/$id.json"
        }
        Write-Experiment a '2020-09-01T12:00:00Z' @{ learning_rate = 0.01; batch = 64; same = 1 } (1, 0.5, 0.25, 0.125, 0.3) @{
            status = 'failed'; exit_code = 3; tags = @('baseline'); note = 'The first one'
        }
        Write-Experiment b (Get-Moment 125) @{ learning_rate = 0.1; batch = 128; same = 1; scheduler = 'cosine-with-restarts' } (2, '[NaN]', 1) @{
            status = 'completed'; parent = 'a' * 64
        }
        Write-Experiment c (Get-Moment 3.05) @{ learning_rate = 0.3; batch = 64; same = 1 } @()
        @{ experiment_id = 'c' * 64; last_heartbeat = Get-Moment -60 } | ConvertTo-Json |
            Set-Content ".replicate/metadata/heartbeats/$('c' * 64).json"
        $all = Get-ReplicateExperiment

        # Compares with a kept file; REPLICATE_KEEP_VIEWS writes it anew.
        function Assert-View([string] $Name, [object[]] $InputObject, [int] $Width, [scriptblock] $Format = { $input }) {
            $text = (Get-View $InputObject -Width $Width -Format $Format) -join "`n"
            # What depends on the hour and the place of the test.
            $text = $text -replace '(?!2020)\d{4}-\d\d-\d\d', 'yyyy-mm-dd' -replace '\d\d:\d\d:\d\d', 'hh:mm:ss'
            $text = $text -replace '(?s)Repository +:.*?\n(?=Params)'
            $file = "$PSScriptRoot/views/$Name-$Width.txt"
            if ($env:REPLICATE_KEEP_VIEWS) { Set-Content $file $text }
            $text | Should -BeExactly ((Get-Content $file) -join "`n")
            foreach ($line in $text -split "`n") { $line.Length | Should -BeLessOrEqual $Width -Because $line }
        }
    }
    AfterAll {
        $env:TZ = $zone
        [TimeZoneInfo]::ClearCachedData()
    }

    It 'fit: <name>' -ForEach @(
        @{ name = 'table'; objects = { $all } }
        @{ name = 'tree'; objects = { Get-ReplicateExperiment -Tree } }
        @{ name = 'detail'; objects = { $all[0] }; format = { $input | Format-List } }
        @{ name = 'checkpoints'; objects = { $all[0].Checkpoints } }
        @{ name = 'difference'; objects = { Compare-ReplicateCheckpoint aaa bbb } }
        @{ name = 'differences'; objects = { Compare-ReplicateCheckpoint aaa bbb ccc } }
    ) {
        Assert-View $name (& $objects) $width ($_['format'] ?? { $input })
    }
}

Describe 'Colours' {
    BeforeAll {
        $null = Enter-Project
        $exp = New-ReplicateExperiment -Params @{ rate = 1 } -NoHeartbeat
        $exp | Stop-ReplicateExperiment -ExitCode 1
        $exp = Get-ReplicateExperiment
    }
    AfterEach { $PSStyle.OutputRendering = $rendering }

    It 'show the status where a shell renders them' {
        $PSStyle.OutputRendering = 'Ansi'
        ($exp | Out-String).Contains("$($PSStyle.Formatting.Error)failed (1)$($PSStyle.Reset)") | Should -BeTrue
    }

    It 'are not in text when the rendering is <_>' -ForEach 'PlainText', 'Host' {
        $PSStyle.OutputRendering = $_
        $exp | Out-String | Should -Not -Match "`e"
        $exp | Format-List | Out-String | Should -Not -Match "`e"
    }

    It 'are not in a redirect' {
        $exp > view.txt
        Get-Content view.txt -Raw | Should -Not -Match "`e"
        (Invoke-Pwsh "`$PSStyle.OutputRendering = 'PlainText'; Import-Module '$manifest'; Get-ReplicateExperiment") -join "`n" |
            Should -Not -Match "`e"
    }
}

Describe 'Following' {
    It 'emits an experiment when it begins and when it ends, where there is no console' {
        $null = Enter-Project
        $exp = New-ReplicateExperiment -Detached
        $seen = Get-ReplicateExperiment -Follow | ForEach-Object {
            "$($_.Status)"
            if ($_.IsRunning) { $exp | Stop-ReplicateExperiment }
        }
        $seen | Should -Be 'Running', 'Completed'
    }

    It 'says so when nothing runs' {
        $null = Enter-Project
        $null = New-ReplicateExperiment -NoHeartbeat
        Get-ReplicateExperiment -Follow -WarningVariable warned 3> $null | Should -BeNullOrEmpty
        $warned | Should -Be 'Nothing is running.'
    }
}

Describe 'The repositories of the original' -Tag 'Needs the fixtures beside the checkout' -Skip:(-not $fixtures) {
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
