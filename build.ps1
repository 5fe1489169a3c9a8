#!/usr/bin/env pwsh
# ./build.ps1 [build | quick | test | demo | bench | reliability | windows | package | native | release] [options]: needs the .NET SDK 10.
$ErrorActionPreference = 'Stop'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = $env:DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE = $env:DOTNET_NOLOGO = 1
Push-Location $PSScriptRoot
try {
    dotnet run --project tools/Build -c Release -v quiet -- @args
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
