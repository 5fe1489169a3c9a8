#!/usr/bin/env pwsh
# Draws the pictures of the report in docs/images from the real thing: the sample repository of sample.ps1, opened in Chromium by
# report.mjs. Needs a build of the checkout, Chromium, and the packages of tests/package.json: pwsh tools/Pictures/report.ps1
[CmdletBinding()]
param(
    [string] $OutDirectory = "$PSScriptRoot/../../docs/images",
    [string] $Module = "$PSScriptRoot/../../Replicate.psd1",
    [string] $Chromium = '/usr/bin/chromium'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module
$directory = New-Item (Join-Path ([IO.Path]::GetTempPath()) "animals-$PID") -ItemType Directory
try {
    & "$PSScriptRoot/sample.ps1" -Repository $directory/animals
    Push-Location $directory
    Export-ReplicateReport report.html -Title 'Pictures of animals' -Repository file://animals -CheckpointFiles
    node "$PSScriptRoot/report.mjs" $directory/report.html $OutDirectory $Chromium
}
finally {
    Pop-Location
    Remove-Item $directory -Recurse -Force
}
