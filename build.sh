#!/bin/sh
# ./build.sh [build | quick | test | demo | bench | reliability | windows | package | native | release] [options]: needs the .NET SDK 10.
set -eu
CDPATH= cd -- "$(dirname -- "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1 DOTNET_NOLOGO=1
exec dotnet run --project tools/Build -c Release -v quiet -- "$@"
