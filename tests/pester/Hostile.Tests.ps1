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
        @{ name = 'checkpoints'; get = { Get-ReplicateCheckpoint caaaa @from } }
        @{ name = 'a checkpoint'; get = { Get-ReplicateCheckpoint caaaa @from | Format-List } }
        @{ name = 'a comparison'; get = { Compare-ReplicateCheckpoint aaaa bbbb @from } }
    ) {
        $shown = & $get
        $shown | Should -Not -BeNullOrEmpty
        Get-Obeyed $shown | Should -Be 0
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
