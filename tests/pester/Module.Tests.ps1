BeforeAll {
    . $PSScriptRoot/Support.ps1
}
AfterAll { Exit-Project }

Describe 'The module' {
    BeforeEach { $project = Enter-Project }

    It 'exports its cmdlets, and nothing else' {
        $module = Get-Module Replicate
        ($module.ExportedCommands.Values | Where-Object CommandType -notin Cmdlet, Alias) | Should -BeNullOrEmpty
        $module.ExportedAliases.Keys | Sort-Object | Should -Be ((Import-PowerShellDataFile $manifest).AliasesToExport | Sort-Object)
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ((Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object)
        (Test-ModuleManifest $manifest).CompatiblePSEditions | Should -Be Core
    }

    It 'makes its types known by name, and needs no packages until a file needs them' {
        $out = Invoke-Pwsh @'
param($manifest)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $manifest
[Replicate.Experiment].FullName
[Replicate.Project].FullName
$null = Get-ReplicateExperiment -WarningAction Ignore
"adapters: $([AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -in 'Replicate.Adapters', 'YamlDotNet', 'MAB.DotIgnore' }.Count)"
'@ -Arguments $manifest
        $out | Should -Be 'Replicate.Experiment', 'Replicate.Project', 'adapters: 0'
    }

    # Add-Type gives its assemblies random names, so the compiler is called by itself.
    BeforeAll {
        Add-Type -AssemblyName Microsoft.CodeAnalysis.CSharp
        $code = '[assembly: System.Reflection.AssemblyVersion("5.0.0.0")] namespace YamlDotNet.Core { public class Parser { public static string Who() => "other"; } }'
        $other = "$(Enter-Project)/YamlDotNet.dll"
        $file = [IO.File]::Create($other)
        $emitted = [Microsoft.CodeAnalysis.CSharp.CSharpCompilation]::Create('YamlDotNet').
            AddSyntaxTrees([Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree]::ParseText($code)).
            AddReferences([Microsoft.CodeAnalysis.MetadataReference]::CreateFromFile([object].Assembly.Location)).
            WithOptions([Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions]::new('DynamicallyLinkedLibrary')).
            Emit($file)
        $file.Dispose()
        $emitted.Diagnostics | Where-Object Severity -eq Error | Should -BeNullOrEmpty
    }

    It 'shares a process with another version of YamlDotNet, loaded <Order>' -ForEach @(
        @{ Order = 'before'; First = 'other' }
        @{ Order = 'after'; First = 'ours' }
    ) {
        $out = Invoke-Pwsh -Arguments $manifest, $First, $other -Script @'
param($manifest, $first, $other)
$ErrorActionPreference = 'Stop'
function other {
    Add-Type -Path $other
}
function ours {
    Import-Module $manifest
    Set-Content replicate.yaml 'repository: file://store'
    Set-Content .replicateignore '*.tmp'
    Set-Content a.tmp, a.txt x
    "ours: $((New-ReplicateExperiment -Path . | Get-ReplicateFile).Path -match '^a')"
}
if ($first -eq 'other') { other; ours } else { ours; other }
"theirs: $([YamlDotNet.Core.Parser]::Who())"
"versions: $(([AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -eq 'YamlDotNet' } | ForEach-Object { $_.GetName().Version } | Sort-Object -Unique).Count)"
'@
        $out | Should -Be 'ours: a.txt', 'theirs: other', 'versions: 2'
    }

    It 'ends the heartbeats when it is removed, and can be imported again' {
        $out = Invoke-Pwsh -Arguments $manifest -Script @'
param($manifest)
$ErrorActionPreference = 'Stop'
Import-Module $manifest
$exp = New-ReplicateExperiment
"before: $(@(Get-ChildItem .replicate/metadata/heartbeats).Count)"
Remove-Module Replicate
"after: $(@(Get-ChildItem .replicate/metadata/heartbeats).Count)"
Import-Module $manifest
(Get-ReplicateExperiment $exp.Id).Status
Import-Module $manifest -Force
@(Get-ReplicateExperiment).Count
'@
        $out | Should -Be 'before: 1', 'after: 0', 'Stopped', '1'
    }
}

Describe 'Several processes and runspaces' {
    BeforeEach { $project = Enter-Project; Set-Content model.pth weights }

    It 'create, add to and stop one experiment' {
        $id = Invoke-Pwsh 'param($m) Import-Module $m; (New-ReplicateExperiment -Detached -Params @{ a = 1 }).Id' $manifest
        $id | Should -Match '^[0-9a-f]{64}$'
        (Get-ReplicateExperiment $id).IsRunning | Should -BeTrue
        Invoke-Pwsh 'param($m, $id) Import-Module $m; Add-ReplicateCheckpoint -Id $id -Metrics @{ loss = 0.5 } -Path model.pth' $manifest, $id
        Invoke-Pwsh 'param($m, $id) Import-Module $m; Stop-ReplicateExperiment $id -ExitCode 2' $manifest, $id
        $exp = Get-ReplicateExperiment $id
        $exp.Status, $exp.ExitCode, $exp.loss | Should -Be Failed, 2, 0.5
        $exp.Checkpoints[0] | Get-ReplicateFile | ForEach-Object Path | Should -Be 'model.pth'
    }

    It 'record the outermost script with its arguments as the command' {
        Set-Content inner.ps1 'param($m, $Rate) Import-Module $m; (New-ReplicateExperiment -NoHeartbeat).Command'
        Set-Content train.ps1 @'
param([string] $Manifest, [double] $LearningRate, [string] $Name, [switch] $Fast, [string[]] $Layers, [securestring] $Token, [hashtable] $More)
if ($Fast) { & ./inner.ps1 $Manifest 5 }
'@
        $command = pwsh -NoProfile -Command "& ./train.ps1 -LearningRate 0.1 -Manifest $manifest -Name 'it''s' -Fast -Layers a, 'b c' -Token (ConvertTo-SecureString -AsPlainText hidden) -More @{ x = 1 }"
        $command | Should -Be "train.ps1 -LearningRate 0.1 -Manifest $manifest -Name 'it''s' -Fast -Layers a, 'b c' -Token *** -More @{ x = 1 }"
    }

    It 'record what was typed where there is no script' {
        pwsh -NoProfile -Command "Import-Module $manifest; (New-ReplicateExperiment -NoHeartbeat).Command" |
            Should -Be "Import-Module $manifest; (New-ReplicateExperiment -NoHeartbeat).Command"
    }

    It 'record from parallel runspaces' {
        $exp = New-ReplicateExperiment
        $created = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Set-StrictMode -Version Latest
            $ErrorActionPreference = 'Stop'
            Import-Module $using:manifest
            Set-Location $using:project
            $using:exp | Add-ReplicateCheckpoint -Metrics @{ loss = $_; "m$_" = $_ } -Path model.pth
            $own = New-ReplicateExperiment -Params @{ worker = $_ }
            $own | Add-ReplicateCheckpoint -Metrics @{ loss = $_ / 10 }
            $own | Stop-ReplicateExperiment
            $own
        }
        $exp | Stop-ReplicateExperiment
        $exp = Get-ReplicateExperiment $exp.Id
        $exp.Checkpoints.Metrics['loss'] | Sort-Object | Should -Be 1, 2, 3, 4
        $exp.Checkpoints.Step | Sort-Object | Should -Be 0, 1, 2, 3
        $created.loss | Sort-Object | Should -Be 0.1, 0.2, 0.3, 0.4
        (Get-ReplicateExperiment -Filter 'worker != null' -Sort worker).worker | Should -Be 1, 2, 3, 4
    }
}
