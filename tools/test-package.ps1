# Checks the folder that is to be published as the gallery does, and that it works from there.
param([Parameter(Mandatory)] [string] $Package)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$manifest = Test-ModuleManifest $Package/Replicate.psd1
$module = Import-Module $Package/Replicate.psd1 -PassThru
$missing = $manifest.ExportedCmdlets.Keys | Where-Object { -not $module.ExportedCmdlets.ContainsKey($_) }
if ($missing) { throw "The packaged module does not export $($missing -join ', ')." }
if ($module.ExportedCmdlets.Count -eq 0) { throw 'The packaged module exports nothing.' }
$unwanted = Get-ChildItem $Package -Recurse -Include *.pdb, System.Management.Automation.dll
if ($unwanted) { throw "The package holds $($unwanted.Name -join ', ')." }
$expected = 'README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json', 'en-US/about_Replicate.help.txt', 'en-US/Replicate.PowerShell.dll-Help.xml'
$absent = $expected | Where-Object { -not (Test-Path $Package/$_) }
if ($absent) { throw "The package lacks $($absent -join ', ')." }
"Replicate $($module.Version) with $($module.ExportedCmdlets.Count) cmdlets"
