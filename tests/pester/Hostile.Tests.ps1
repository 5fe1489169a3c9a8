# A repository that somebody of ill will wrote shows as harmless text in the views, warnings and errors.
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $PSStyle.OutputRendering = 'PlainText'
    $escapes = '\u001b]0;owned\u0007\u001b[2J\u001b[31m\u009b5n\u0008\u007f\u202e\r\n'
    $root = Join-Path $TestDrive hostile
    New-Item -ItemType Directory (Join-Path $root repository/metadata/experiments) | Out-Null
    Set-Content (Join-Path $root repository/repository.json) '{"version":1}' -NoNewline
    foreach ($id in 'aaaa', 'bbbb') {
        $long = if ($id -eq 'bbbb') { 'x' * 10MB } else { $escapes }
        Set-Content (Join-Path $root "repository/metadata/experiments/$id.json") @"
{"id": "$id", "created": "2020-09-01T21:42:25Z", "params": {"${escapes}p": "$escapes", "deep": [[[[[[1]]]]]], "big": 1e308, "$id": 1},
"host": "$escapes", "user": "$escapes", "command": "$long", "path": "$escapes", "python_version": "$escapes", "python_packages": {"torch": "$escapes"},
"checkpoints": [{"id": "c$id", "created": "2020-09-01T21:43:25Z", "metrics": {"${escapes}m": "$escapes", "loss": 1e308}, "step": 1, "path": "$escapes",
"primary_metric": {"name": "${escapes}m", "goal": "minimize"}}],
"powershell": {"version": "1", "status": "failed", "error_output": "$escapes", "note": "$escapes", "tags": ["$escapes"], "parent": "$escapes", "git": {"branch": "$escapes"}}}
"@ -NoNewline
    }
    Set-Content (Join-Path $root 'repository/metadata/experiments/cccc.json') '{"id": "\u001b[2J", "created": "2020-09-01T21:42:25Z"}' -NoNewline
    $from = @{ Repository = "file://$root/repository"; ProjectDirectory = $root; WarningAction = 'SilentlyContinue' }
    function Get-Obeyed([object[]] $shown) {
        [regex]::Matches(($shown | Out-String -Width 200), '[\p{Cc}\u202e-[\r\n]]').Count
    }
}

Describe 'A hostile repository' {
    It 'shows as harmless text in <name>' -ForEach @(
        @{ name = 'a list'; get = { Get-ReplicateExperiment @from } }
        @{ name = 'a detail'; get = { Get-ReplicateExperiment aaaa @from | Format-List } }
        @{ name = 'a long detail'; get = { Get-ReplicateExperiment bbbb @from | Format-List } }
        @{ name = 'all properties'; get = { Get-ReplicateExperiment aaaa @from | Format-List * } }
        @{ name = 'all properties of a checkpoint'; get = { Get-ReplicateCheckpoint caaaa @from | Format-List * } }
        @{ name = 'checkpoints'; get = { Get-ReplicateCheckpoint caaaa @from } }
        @{ name = 'a checkpoint'; get = { Get-ReplicateCheckpoint caaaa @from | Format-List } }
        @{ name = 'a comparison'; get = { Compare-ReplicateCheckpoint aaaa bbbb @from } }
    ) {
        $shown = & $get
        $shown | Should -Not -BeNullOrEmpty
        Get-Obeyed $shown | Should -Be 0
    }

    It 'completes as harmless text' {
        Push-Location $root
        try {
            foreach ($line in 'Get-ReplicateExperiment aa', 'Show-ReplicatePlot ', 'Get-ReplicateExperiment -Sort ', 'Get-ReplicateExperiment -Filter ') {
                $line += if ($line -match 'aa$') { '' } else { "'" }
                $found = (TabExpansion2 "$line -Repository file://$root/repository" -cursorColumn $line.Length).CompletionMatches
                Get-Obeyed @($found.ForEach{ $_.CompletionText; $_.ListItemText; $_.ToolTip }) | Should -Be 0
            }
        }
        finally { Pop-Location }
    }

    It 'is warned of and refused without what a terminal would obey' {
        $warnings = $null
        $null = Get-ReplicateExperiment @from -WarningVariable warnings
        "$warnings" | Should -Match 'cccc\.json'
        Get-Obeyed @("$warnings") | Should -Be 0
        { Restore-ReplicateCheckpoint aaaa @from -OutputDirectory (Join-Path $TestDrive out) -ErrorAction Stop } | Should -Throw
        Get-Obeyed @("$($Error[0])", $Error[0].ErrorDetails.Message) | Should -Be 0
    }
}

Describe 'A name that is empty' {
    BeforeAll {
        $unnamed = Join-Path $TestDrive unnamed
        New-Item -ItemType Directory (Join-Path $unnamed repository/metadata/experiments) | Out-Null
        Set-Content (Join-Path $unnamed repository/repository.json) '{"version":1}' -NoNewline
        Set-Content (Join-Path $unnamed repository/metadata/experiments/aaaa.json) @'
{"id": "aaaa", "created": "2020-09-01T21:42:25Z", "params": {"": 1, " ": 2, "lr": 0.1},
"checkpoints": [{"id": "caaaa", "created": "2020-09-01T21:43:25Z", "metrics": {"": 0.5, "loss": 0.25}, "step": 1}]}
'@ -NoNewline
        $unnamedFrom = @{ Repository = "file://$unnamed/repository"; ProjectDirectory = $unnamed }
    }

    It 'breaks no listing' {
        $experiment = Get-ReplicateExperiment @unnamedFrom
        $experiment.lr, $experiment.loss | Should -Be 0.1, 0.25
        $experiment.'params.', $experiment.'metrics.' | Should -Be 1, 0.5
        (Get-ReplicateCheckpoint caaaa @unnamedFrom).loss | Should -Be 0.25
        $experiment | Format-List * | Out-String | Should -Match 'lr +: 0.1'
        $experiment | Out-String | Should -Match aaaa
        ($experiment | ConvertTo-Csv | ConvertFrom-Csv).lr | Should -Be 0.1
        (TabExpansion2 "Show-ReplicatePlot -Repository file://$unnamed/repository -Metric " ).CompletionMatches.CompletionText | Should -Contain loss
    }

    It 'is refused when it is recorded' {
        { New-ReplicateExperiment @unnamedFrom -NoHeartbeat -Params @{ '' = 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'NameEmpty,*'
        { Add-ReplicateCheckpoint aaaa @unnamedFrom -Metrics @{ '' = 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'NameEmpty,*'
        { Invoke-ReplicateExperiment @unnamedFrom -Params @{ ' ' = 1 } { 'loss=1' } -ErrorAction Stop } | Should -Throw -ErrorId 'NameEmpty,*'
        @(Get-ReplicateExperiment @unnamedFrom).Count | Should -Be 1
    }
}

Describe 'A command for the agent of a pipeline' {
    BeforeAll {
        $commanding = Join-Path $TestDrive commanding
        New-Item -ItemType Directory (Join-Path $commanding repository/metadata/experiments) | Out-Null
        Set-Content (Join-Path $commanding repository/repository.json) '{"version":1}' -NoNewline
        $commands = '##vso[task.setvariable variable=x]y ##[error]z ::set-output name=a::b'
        foreach ($id in 'aaaa', 'bbbb') {
            Set-Content (Join-Path $commanding "repository/metadata/experiments/$id.json") @"
{"id": "$id", "created": "2020-09-01T21:42:25Z", "params": {"${commands}p": "$commands $id", "note": "\n::warning::$id"}, "host": "$commands", "user": "$commands", "command": "$commands $id",
"path": "$commands", "python_version": "$commands", "python_packages": {"torch": "$commands"},
"checkpoints": [{"id": "c$id", "created": "2020-09-01T21:43:25Z", "metrics": {"$commands": "$commands", "loss": 0.5}, "step": 1, "path": "$commands", "primary_metric": {"name": "loss", "goal": "minimize"}}],
"powershell": {"version": "1", "status": "failed", "error_output": "$commands\n$commands", "note": "$commands", "tags": ["$commands"], "parent": "$commands", "git": {"branch": "$commands"}}}
"@ -NoNewline
        }
        Set-Content -LiteralPath "$commanding/repository/metadata/experiments/##vso[x].json" '{"id": "##vso[x]"}' -NoNewline
        $commandingFrom = @{ Repository = "file://$commanding/repository"; ProjectDirectory = $commanding }
        function Get-Command-Line([object[]] $shown) {
            @(($shown | Out-String -Width 100) -split '\r?\n' -match '##vso\[|##\[|^\s*::\w').Count
        }
    }
    AfterAll { $env:TF_BUILD = $env:GITHUB_ACTIONS = $null }

    It 'is none in <name> on <service>' -ForEach @(
        foreach ($service in 'TF_BUILD', 'GITHUB_ACTIONS') {
            @{ service = $service; name = 'a list'; get = { Get-ReplicateExperiment @commandingFrom 3>$null } }
            @{ service = $service; name = 'a detail'; get = { Get-ReplicateExperiment aaaa @commandingFrom 3>$null | Format-List } }
            @{ service = $service; name = 'all properties'; get = { Get-ReplicateExperiment aaaa @commandingFrom 3>$null | Format-List * } }
            @{ service = $service; name = 'a table of all'; get = { Get-ReplicateExperiment @commandingFrom 3>$null | Format-Table * } }
            @{ service = $service; name = 'checkpoints'; get = { Get-ReplicateCheckpoint caaaa @commandingFrom | Format-List } }
            @{ service = $service; name = 'a comparison'; get = { Compare-ReplicateCheckpoint aaaa bbbb @commandingFrom 3>$null } }
            @{ service = $service; name = 'warnings and verbose messages'; get = { Get-ReplicateExperiment @commandingFrom -Verbose *>&1 | Where-Object { $_ -isnot [Replicate.Experiment] } } }
            @{ service = $service; name = 'an error'; get = { try { Get-ReplicateExperiment '##vso::error::x' @commandingFrom -ErrorAction Stop 3>$null } catch { $_ } } }
        }
    ) {
        $env:TF_BUILD = $env:GITHUB_ACTIONS = $null
        Set-Item "env:$service" true
        $shown = & $get | Out-String -Width 100
        $env:TF_BUILD = $env:GITHUB_ACTIONS = $null
        $shown | Should -Not -BeNullOrEmpty
        Get-Command-Line $shown | Should -Be 0
    }

    It 'is text outside of one' {
        (Get-ReplicateExperiment aaaa @commandingFrom 3>$null).Note | Should -Be $commands
    }
}

Describe 'A text that a spreadsheet would take for a formula' {
    BeforeAll {
        $formulas = '=1+1', '+1+1', '-1+1', '@SUM(A1)'
        $calculating = Join-Path $TestDrive calculating
        New-Item -ItemType Directory (Join-Path $calculating repository/metadata/experiments) | Out-Null
        Set-Content (Join-Path $calculating repository/repository.json) '{"version":1}' -NoNewline
        Set-Content (Join-Path $calculating repository/metadata/experiments/aaaa.json) @"
{"id": "aaaa", "created": "2020-09-01T21:42:25Z", "params": {"p0": "$($formulas[0])", "p1": "$($formulas[1])", "p2": "$($formulas[2])", "p3": "$($formulas[3])"},
"checkpoints": [{"id": "caaaa", "created": "2020-09-01T21:43:25Z", "metrics": {"grade": "$($formulas[0])", "loss": 0.5}, "step": 1}],
"powershell": {"version": "1", "status": "completed", "note": "$($formulas[0])", "tags": ["$($formulas[3])"]}}
"@ -NoNewline
        $calculatingFrom = @{ Repository = "file://$calculating/repository"; ProjectDirectory = $calculating }
    }

    It 'is data to Export-Csv, as the help says' {
        $file = Join-Path $TestDrive formulas.csv
        Get-ReplicateExperiment @calculatingFrom | Export-Csv $file
        $row = Import-Csv $file
        $row.p0, $row.p1, $row.p2, $row.p3 | Should -Be $formulas
        $row.grade, $row.Note, $row.loss | Should -Be $formulas[0], $formulas[0], '0.5'
        (Get-Help Get-ReplicateExperiment).description.Text -join ' ' | Should -Match 'begins with .* Export-Csv.* spreadsheet .* formula'
    }

    It 'begins no cell of <command>' -ForEach @(
        @{ command = 'Export-ReplicateReport'; write = { Export-ReplicateReport $page @calculatingFrom -PassThru } }
        @{ command = 'Export-ReplicatePlot'; write = { Export-ReplicatePlot -Id aaaa -Metric loss -OutFile $page @calculatingFrom -PassThru } }
    ) {
        $page = Join-Path $TestDrive page.html
        (& $write).FullName | Should -Be (Get-Item $page).FullName
        $elements = (Get-Content $page -Raw) -replace '(?s)<script.*?</script>'
        $elements | Should -Match '<body'
        [regex]::Matches($elements, '<t[dh][^>]*>[\s"]*(=|\+|-|@|&#|&equals)').Count | Should -Be 0
    }
}
