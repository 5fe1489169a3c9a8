# Makes what Update-Help reads: a file that names the version of the help, and the help itself.
param([Parameter(Mandatory)] [string] $Package, [Parameter(Mandatory)] [string] $Directory, [Parameter(Mandatory)] [string] $Address)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$manifest = Import-PowerShellDataFile $Package/Replicate.psd1
$name = "$Directory/Replicate_$($manifest.GUID)"
Compress-Archive -Path $Package/en-US/* -DestinationPath "${name}_en-US_HelpContent.zip" -Force
Set-Content "${name}_HelpInfo.xml" @"
<?xml version="1.0" encoding="utf-8"?>
<HelpInfo xmlns="http://schemas.microsoft.com/powershell/help/2010/05">
  <HelpContentURI>$Address/releases/latest/download/</HelpContentURI>
  <SupportedUICultures>
    <UICulture>
      <UICultureName>en-US</UICultureName>
      <UICultureVersion>$($manifest.ModuleVersion).0</UICultureVersion>
    </UICulture>
  </SupportedUICultures>
</HelpInfo>
"@
