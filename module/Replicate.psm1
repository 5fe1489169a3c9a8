# The binaries for the runtime that this shell runs on: PowerShell 7.6 has .NET 10, its predecessors have .NET 8 or 9.
$framework = [Environment]::Version.Major -ge 10 ? 'net10.0' : 'net8.0'
Import-Module "$PSScriptRoot/../bin/$framework/Replicate.PowerShell.dll"
