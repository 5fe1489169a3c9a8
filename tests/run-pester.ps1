#!/usr/bin/env pwsh
# Runs the Pester suite and writes its counts as JSON.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Report,
    # The manifest of Pester 6.
    [Parameter(Mandatory)] [string] $Pester,
    # Files or directories; all tests when not given.
    [Parameter(ValueFromRemainingArguments)] [string[]] $Path = @("$PSScriptRoot/pester")
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

Import-Module $Pester
$result = Invoke-Pester -Configuration @{
    Run    = @{ Path = $Path; PassThru = $true }
    Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
}

# What a skipped test needs is a tag of it or of a block around it, as 'Needs Python'.
function Get-Reason($Test) {
    for ($item = $Test; $item; $item = $item.PSObject.Properties['Block']?.Value ?? $item.PSObject.Properties['Parent']?.Value) {
        foreach ($tag in $item.Tag) {
            if ($tag -like 'Needs *') { return $tag }
        }
    }
    $Test.ErrorRecord ? "$($Test.ErrorRecord)" -replace "^is skipped, because " : $Test.ExpandedPath
}

# A file or block that fails as a whole hides its tests: they count as failed, or it counts as one.
$failed = @($result.Failed; $result.FailedBlocks; $result.FailedContainers)
@{
    Passed   = $result.PassedCount
    Failed   = $failed.Count
    Skipped  = $result.SkippedCount + $result.InconclusiveCount
    Failures = @($failed | ForEach-Object { "$($_.PSObject.Properties['ExpandedPath']?.Value ?? $_): $($_.ErrorRecord)" })
    Reasons  = @(@($result.Skipped; $result.Inconclusive) | ForEach-Object { Get-Reason $_ })
    # A test that stood for itself, with the file that runs it again.
    FailedTests = @($result.Failed | ForEach-Object { "$($_.Block.BlockContainer)" })
} | ConvertTo-Json | Set-Content $Report
