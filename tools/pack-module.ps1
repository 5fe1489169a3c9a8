# Publishes the module's folder to a feed that is a directory: the package that a gallery takes.
param([Parameter(Mandatory)] [string] $Package, [Parameter(Mandatory)] [string] $Directory)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

Compress-PSResource -Path $Package -DestinationPath $Directory
