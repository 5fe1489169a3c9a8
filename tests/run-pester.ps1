#!/usr/bin/env pwsh
# Runs the Pester suite and writes its counts as JSON. Exit code 3: Pester is missing.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Report,
    # Files or directories; all tests when not given.
    [Parameter(ValueFromRemainingArguments)] [string[]] $Path = @("$PSScriptRoot/pester")
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$pester = Get-Module Pester -ListAvailable | Where-Object Version -ge 5.0.0 | Select-Object -First 1
if (-not $pester) { exit 3 }
$pester | Import-Module

$result = Invoke-Pester -Configuration @{
    Run    = @{ Path = $Path; PassThru = $true }
    Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
}
foreach ($test in $result.Skipped) {
    "  skipped: $($test.ExpandedPath)"
}

# A file or block that fails as a whole hides its tests: they count as failed, or it counts as one.
$failed = @($result.Failed; $result.FailedBlocks; $result.FailedContainers)
@{
    Passed   = $result.PassedCount
    Failed   = $failed.Count
    Skipped  = $result.SkippedCount + $result.InconclusiveCount
    Failures = @($failed | ForEach-Object { "Failed: $($_.PSObject.Properties['ExpandedPath']?.Value ?? $_): $($_.ErrorRecord)" })
} | ConvertTo-Json | Set-Content $Report
