# What somebody installs: made once for this machine's platform, then each installed from its file and used.
BeforeDiscovery {
    $hasNode = $null -ne (Get-Command npm -ErrorAction Ignore)
}
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $system = $IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux'
    $platform = "$system-$("$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant())"
    $release = "$root/out/release"
    $version = (Import-PowerShellDataFile $manifest).ModuleVersion
    # For who changes these tests: what was made before.
    if ($env:REPLICATE_RELEASE -ne 'made') {
        $made = dotnet $root/tools/Build/bin/Release/net10.0/Build.dll release --built --here 2>&1
        if ($LASTEXITCODE -ne 0) { throw "The release could not be made: $($made -join [Environment]::NewLine)" }
    }

    # Runs a program with further variables, null for none; what it printed, and its exit code.
    function Invoke-With([hashtable] $Variables, [string] $Program, [string[]] $Arguments) {
        $before = @{}
        foreach ($name in $Variables.Keys) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $Variables[$name])
        }
        try {
            $lines = & $Program @Arguments 2>&1 | ForEach-Object ToString
            [pscustomobject]@{ Lines = @($lines); Text = $lines -join "`n"; ExitCode = $LASTEXITCODE }
        }
        finally {
            foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        }
    }

    # A configuration of NuGet that knows the release alone.
    function Add-Feed([string] $Directory) {
        Set-Content $Directory/nuget.config "<configuration><packageSources><clear /><add key=`"release`" value=`"$release`" /></packageSources></configuration>"
    }

    # A project with a program that trains, and fails where it is told to.
    function Enter-Training {
        $directory = Enter-Project
        Set-Content replicate.yaml 'repository: file://.replicate'
        Set-Content train.ps1 'param($rate, $code = 0) foreach ($step in 1..3) { "step $step, loss: $($rate / $step)" } exit $code'
        $directory
    }

    # What is in a package, by its path.
    function Get-Entry([string] $Package) {
        $zip = [IO.Compression.ZipFile]::OpenRead($Package)
        try { $zip.Entries.FullName } finally { $zip.Dispose() }
    }
}
AfterAll { Exit-Project }

Describe 'The release' {
    It 'is of one version, each file with its checksum' {
        $sums = Get-Content $release/SHA256SUMS
        $sums.Count | Should -Be ((Get-ChildItem $release).Count - 1)
        foreach ($line in $sums) {
            $hash, $name = $line -split '  ', 2
            (Get-FileHash $release/$name).Hash | Should -Be $hash
            if ($name -notlike 'Replicate_*') { $name | Should -BeLike "*$version*" }
        }
        [xml] $properties = Get-Content $root/Directory.Build.props
        $properties.SelectSingleNode('//Version').InnerText | Should -Be $version
        Get-Content -Raw $root/CHANGELOG.md | Should -Match "(?m)^## \[$([regex]::Escape($version))\]"
    }

    It 'names the packages of others with their licences, and lists them for programs' {
        $notices = Get-Content -Raw $root/out/Replicate/THIRD-PARTY-NOTICES.txt
        $bill = Get-Content -Raw $root/out/Replicate/sbom.cdx.json | ConvertFrom-Json
        $bill.bomFormat | Should -Be CycloneDX
        $shipped = Get-ChildItem $root/out/Replicate/bin/adapters/*.dll | Where-Object BaseName -ne Replicate.Adapters
        foreach ($name in $shipped.BaseName + 'vega' + 'vega-lite' + 'vega-embed') {
            $notices | Should -Match "(?m)^$([regex]::Escape($name)) \d"
            $bill.components.name | Should -Contain $name
        }
        $notices | Should -Match 'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION'
        $bill.components.ForEach{ $_.licenses.license.id ?? $_.licenses.expression ?? $_.licenses.license.name } | Should -Not -Contain $null
    }

    It 'has links in its README that lead out of the checkout, and none that lead nowhere' {
        $readme = Get-Content -Raw $root/out/Replicate/README.md
        [regex]::Matches($readme, '\]\(([^)\s]+)\)').ForEach{ $_.Groups[1].Value } | Where-Object { $_ -notmatch '^(https?://|#)' } | Should -BeNullOrEmpty
        $readme | Should -Match "/blob/v$version/docs/FORMAT.md"
    }
}

Describe 'The module' {
    BeforeAll {
        # Somebody's machine: an empty home, and a feed that is a directory.
        $userHome = Enter-Project
        $feed = (New-Item $userHome/feed -ItemType Directory).FullName
        $variables = @{
            HOME = $userHome; USERPROFILE = $userHome; XDG_DATA_HOME = $null; XDG_CONFIG_HOME = $null; XDG_CACHE_HOME = $null; PSModulePath = $null
        }
        function Invoke-Shell([string] $Script, [hashtable] $Further = @{}) {
            $all = $variables + $Further
            Invoke-With $all "$PSHOME/pwsh" '-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'; $Script"
        }
        $installed = Invoke-Shell @"
            `$ProgressPreference = 'SilentlyContinue'
            Register-PSResourceRepository feed -Uri '$feed' -Trusted
            Publish-PSResource -Path '$root/out/Replicate' -Repository feed
            Install-PSResource Replicate -Repository feed -Quiet
            (Get-InstalledPSResource Replicate).Version.ToString()
"@
    }

    It 'is published to a feed, installed by its name, and does its work in a new shell' {
        $installed.Text | Should -Be "$version"
        $null = Enter-Training
        $used = Invoke-Shell @'
            $null = Invoke-ReplicateExperiment -PrimaryMetric loss -Goal minimize { ./train.ps1 0.6 }
            (Get-ReplicateExperiment -Filter 'loss < 0.3').Best().Metrics['loss']
            (Get-Module Replicate).ModuleBase
            [Replicate.Experiment].Assembly.Location
'@
        $loss, $place, $engine = $used.Lines -notmatch '^step'
        $loss | Should -Be 0.2
        $place | Should -BeLike "$userHome*$version"
        # Compiled for this machine.
        $engine | Should -Be ([IO.Path]::Combine($place, 'bin', $platform, 'Replicate.dll'))
    }

    It 'works where it is not compiled for the platform' {
        $null = Enter-Training
        Copy-Item $root/out/Replicate ./elsewhere -Recurse
        Remove-Item ./elsewhere/bin/$platform -Recurse
        $used = Invoke-Shell 'Import-Module ./elsewhere/Replicate.psd1; Invoke-ReplicateExperiment { ./train.ps1 0.6 } | Out-Null; (Get-ReplicateExperiment).Latest().Metrics["loss"]; [Replicate.Experiment].Assembly.Location'
        $loss, $engine = $used.Lines -notmatch '^step'
        $loss | Should -Be 0.2
        $engine | Should -Be ([IO.Path]::Combine($PWD, 'elsewhere', 'bin', 'Replicate.dll'))
    }

    It 'shows its addresses and notes in the feed' {
        $found = Invoke-Shell 'Find-PSResource Replicate -Repository feed | ForEach-Object { "$($_.ProjectUri)"; "$($_.IconUri)"; "$($_.LicenseUri)"; $_.ReleaseNotes.Length -gt 100 }'
        [xml] $properties = Get-Content $root/Directory.Build.props
        $address = $properties.SelectSingleNode('//RepositoryUrl').InnerText
        $found.Lines | Should -Be $address, "$address/raw/main/packaging/icon.png", 'https://opensource.org/license/mit', 'True'
    }

    It 'tells about itself: <_>' -ForEach 'about_Replicate', 'about_Replicate_Filter', 'about_Replicate_Metrics' {
        $help = Invoke-Shell "Get-Help $_; Get-Help about_Replicate* | ForEach-Object { `$_.Name }"
        $help.Text | Should -Match '(?m)^LONG DESCRIPTION\n    \S'
        $help.Lines | Should -Contain $_
    }

    It 'opens the page of a cmdlet' -Tag 'Needs Linux' -Skip:(-not $IsLinux) {
        $programs = (New-Item $userHome/programs -ItemType Directory -Force).FullName
        Set-Content $programs/xdg-open "#!/bin/sh`necho `"`$1`" > '$userHome/opened'"
        chmod +x $programs/xdg-open
        $shown = Invoke-Shell 'Get-Help Get-ReplicateExperiment -Online; foreach ($i in 1..100) { if (Test-Path ~/opened) { break }; Start-Sleep -Milliseconds 50 }' @{ PATH = "${programs}:$env:PATH" }
        $shown.Text | Should -BeNullOrEmpty
        Get-Content $userHome/opened | Should -BeLike 'https://*/docs/cmdlets/Get-ReplicateExperiment.md'
        "$root/docs/cmdlets/Get-ReplicateExperiment.md" | Should -Exist
    }

    It 'updates its help from the files of a release' {
        $updated = Invoke-Shell "Update-Help Replicate -SourcePath '$release' -UICulture en-US -Force -Scope CurrentUser; (Get-Help Get-ReplicateExperiment).Synopsis"
        $updated.Text | Should -BeLike 'Lists experiments*'
        Get-ChildItem $userHome -Recurse -Force -Filter Replicate.PowerShell.dll-Help.xml | Where-Object FullName -NotLike "*Modules*" | Should -Not -BeNullOrEmpty
    }
}

Describe 'The command' {
    It 'is a .NET tool' {
        $directory = Enter-Training
        Add-Feed $directory
        $installed = Invoke-With @{ DOTNET_NOLOGO = '1' } dotnet 'tool', 'install', 'Replicate.Command', '--tool-path', 'tools', '--configfile', 'nuget.config'
        $installed.Text | Should -Match "'$version'"
        $run = Invoke-With @{} ./tools/replicate 'run', '-m', 'loss', '--', "$PSHOME/pwsh", '-NoProfile', '-File', 'train.ps1', '0.9'
        $run.ExitCode | Should -Be 0
        (./tools/replicate ls --json | ConvertFrom-Json).best_checkpoint.metrics.loss | Should -Be 0.3
    }

    It 'is a file that needs no .NET' {
        $directory = Enter-Training
        if ($IsWindows) { Expand-Archive $release/replicate-$version-$platform.zip $directory }
        else { tar -xzf $release/replicate-$version-$platform.tar.gz }
        Get-ChildItem -Name -File | Should -Contain THIRD-PARTY-NOTICES.txt
        $none = @{ DOTNET_ROOT = '/nowhere' }
        $run = Invoke-With $none ./replicate 'run', '-m', 'loss', '--', "$PSHOME/pwsh", '-NoProfile', '-File', 'train.ps1', '0.9', '7'
        $run.ExitCode | Should -Be 7
        $list = (Invoke-With $none ./replicate 'ls', '--json').Text | ConvertFrom-Json
        $list.best_checkpoint.metrics.loss | Should -Be 0.3
        (Invoke-With $none ./replicate 'ls').Text | Should -Match 'failed \(7\)'
    }
}

Describe 'The library' {
    It 'has readme, icon, documentation and symbols that lead to the sources' {
        $entries = Get-Entry $release/Replicate.Engine.$version.nupkg
        foreach ($entry in 'README.md', 'icon.png', 'lib/net10.0/Replicate.dll', 'lib/net10.0/Replicate.xml', 'adapters/net10.0/YamlDotNet.dll') {
            $entries | Should -Contain $entry
        }
        $directory = Enter-Project
        [IO.Compression.ZipFile]::ExtractToDirectory("$release/Replicate.Engine.$version.snupkg", $directory)
        $symbols = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$directory/lib/net10.0/Replicate.pdb"))
        $symbols | Should -Match 'https://raw.githubusercontent.com/replicate-powershell/replicate-powershell/[0-9a-f]{40}/'
    }

    It 'runs the sample of the README in a new project' {
        $directory = Enter-Project
        Add-Feed $directory
        Set-Content replicate.yaml 'repository: file://kept'
        $sample = [regex]::Match((Get-Content -Raw $root/README.md), '(?s)```csharp\n(.+?)```').Groups[1].Value
        Set-Content Program.cs $sample
        Set-Content Sample.csproj @"
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <UseAppHost>false</UseAppHost>
    <RestorePackagesPath>packages</RestorePackagesPath>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="Replicate.Engine" Version="$version" /></ItemGroup>
</Project>
"@
        $run = Invoke-With @{ DOTNET_NOLOGO = '1' } dotnet 'run', '-v', 'quiet'
        $run.Text | Should -Match '^[0-9a-f]{7} \(Completed\) learning_rate=0.01, num_epochs=3: best is [0-9a-f]{7} \(step 3\), loss=0.3333333333333333$'
        Get-Content best-model/model.json | Should -Be '[0.3333333333333333]'
        'kept/metadata' | Should -Exist
    }
}

Describe 'The extension for Azure DevOps' -Tag 'Needs Node.js' -Skip:(-not $hasNode) {
    BeforeAll {
        $unpacked = Enter-Project
        [IO.Compression.ZipFile]::ExtractToDirectory((Get-Item $release/*.vsix).FullName, $unpacked)
        $task = Get-Content -Raw $unpacked/task/task.json | ConvertFrom-Json
        # As the agent does: a process with the inputs as variables, and no console.
        function Invoke-Task([hashtable] $Inputs) {
            $temp = (New-Item "$PWD/_temp" -ItemType Directory -Force).FullName
            $all = @{ TF_BUILD = 'True'; AGENT_TEMPDIRECTORY = $temp; PATH = "$PSHOME$([IO.Path]::PathSeparator)$env:PATH" }
            foreach ($name in $Inputs.Keys) { $all["INPUT_$($name.ToUpperInvariant())"] = $Inputs[$name] }
            Invoke-With $all node "$unpacked/task/$($task.execution.Node20_1.target)"
        }
    }

    It 'is of this version, and its task is too' {
        "$($task.version.Major).$($task.version.Minor).$($task.version.Patch)" | Should -Be $version
        (Get-Item $release/*.vsix).Name | Should -BeLike "*-$version.vsix"
    }

    It 'trains, sets output variables, and attaches a summary with the plot' {
        $null = Enter-Training
        $step = Invoke-Task @{ command = './train.ps1 0.6'; params = "rate=0.6`nname = first"; primaryMetric = 'loss'; goal = 'minimize'; path = 'train.ps1' }
        $step.ExitCode | Should -Be 0
        $step.Text | Should -Match '##vso\[task.setvariable variable=ReplicateStatus;isOutput=true\]Completed'
        $pages = [regex]::Matches($step.Text, '(?m)^##vso\[task.uploadsummary\](.+?)\r?$').ForEach{ Get-Content -Raw $_.Groups[1].Value }
        $pages.Count | Should -Be 2
        $pages[0] | Should -Match '\*\*loss\*\*'
        $pages[1] | Should -Match '(?s)^### loss\n\n```text\n.*│.*best 0\.2 at step 3'
        $experiment = Get-ReplicateExperiment
        $experiment.Params['rate'], $experiment.Params['name'] | Should -Be 0.6, 'first'
    }

    It 'fails with the exit code of the program' {
        $null = Enter-Training
        $step = Invoke-Task @{ command = './train.ps1 0.6 5' }
        $step.ExitCode | Should -Be 5
        $step.Text | Should -Match '##vso\[task.complete result=Failed;\]The run ended with exit code 5'
        (Get-ReplicateExperiment).ExitCode | Should -Be 5
    }

    It 'says which input is wrong' {
        $null = Enter-Training
        $step = Invoke-Task @{ command = './train.ps1 0.6'; params = 'rate' }
        $step.ExitCode | Should -Not -Be 0
        $step.Text | Should -Match "The line 'rate' of the input 'params' is not of the form name=value"
    }
}

Describe 'The action for GitHub' {
    BeforeAll {
        $action = Get-Content -Raw $root/action.yml
        # The step as the runner starts it: its script with the variables that it maps inputs to.
        function Invoke-Action([hashtable] $Inputs) {
            $block = [regex]::Match($action, '(?s)id: run\n.*?env:\n(?<env>.*?)      run: \|\n(?<run>.*)$')
            $all = @{ GITHUB_ACTIONS = 'true'; GITHUB_OUTPUT = "$PWD/output.txt"; GITHUB_STEP_SUMMARY = "$PWD/summary.md" }
            foreach ($line in [regex]::Matches($block.Groups['env'].Value, '(?m)^ +(?<name>\w+): \$\{\{ (?<from>[\w.-]+) \}\}$')) {
                $from = $line.Groups['from'].Value
                $all[$line.Groups['name'].Value] = $from -eq 'github.action_path' ? $root : $Inputs[$from -replace '^inputs\.']
            }
            Set-Content step.ps1 ("`$ErrorActionPreference = 'stop'`n" + ($block.Groups['run'].Value -replace '(?m)^ {8}'))
            Invoke-With $all "$PSHOME/pwsh" (([regex]::Match($action, 'shell: pwsh (-.+) \{0\}').Groups[1].Value -split ' ') + './step.ps1')
        }
    }

    It 'trains, sets outputs, and writes a summary with the plot' {
        $null = Enter-Training
        $step = Invoke-Action @{ command = './train.ps1 0.6'; 'primary-metric' = 'loss'; goal = 'minimize'; module = "$root/out/Replicate/Replicate.psd1" }
        $step.ExitCode | Should -Be 0
        Get-Content output.txt | Should -Contain 'ReplicateStatus=Completed'
        Get-Content -Raw summary.md | Should -Match '(?s)\*\*loss\*\*.*### loss\n\n```text\n.*best 0\.2 at step 3'
    }

    It 'fails with the exit code of the program' {
        $null = Enter-Training
        $step = Invoke-Action @{ command = './train.ps1 0.6 5'; module = "$root/out/Replicate/Replicate.psd1" }
        $step.ExitCode | Should -Be 5
        Get-Content output.txt | Should -Contain 'ReplicateStatus=Failed'
    }

    It 'hands on every input that it declares' {
        $declared = [regex]::Matches(($action -split '(?m)^outputs:')[0], '(?m)^  ([\w-]+):$').ForEach{ $_.Groups[1].Value }
        $declared.Count | Should -BeGreaterThan 10
        foreach ($name in $declared) { $action | Should -Match "\{\{ inputs\.$name \}\}" }
    }
}

Describe 'The container' {
    BeforeAll { $dockerfile = "$root/packaging/Dockerfile" }

    It 'copies what the release makes' {
        $sources = [regex]::Matches((Get-Content -Raw $dockerfile), '(?m)^COPY (?!--from)(\S+) ').ForEach{ $_.Groups[1].Value.Replace('${PLATFORM}', $platform) }
        $sources.Count | Should -Be 2
        foreach ($source in $sources) { "$root/$source" | Should -Exist }
    }

    It 'has nothing that a linter finds' -Tag 'Needs Node.js' -Skip:(-not $hasNode) {
        $lint = "$root/.tools/packing/node_modules/.bin/dockerfilelint"
        $found = Invoke-With @{} $lint $dockerfile
        $found.Text | Should -Match 'Issues:\s+None found'
        $found.ExitCode | Should -Be 0
    }
}
