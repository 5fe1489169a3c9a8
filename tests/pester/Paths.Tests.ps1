# Every parameter that takes a path takes what a person writes at the prompt: a drive of the shell, the home, a provider's path,
# a path relative to where the shell is, and brackets as they are.
BeforeDiscovery {
    Import-Module $PSScriptRoot/../../Replicate.psd1

    # All parameters that take a path of the file system, by their names.
    # Those that every cmdlet has from its base are tried with one.
    $paths = foreach ($command in Get-Command -Module Replicate -CommandType Cmdlet) {
        foreach ($parameter in $command.Parameters.Values) {
            $isShared = $parameter.Name -in 'Repository', 'ProjectDirectory' -and $command.Name -notin 'Get-ReplicateExperiment', 'Initialize-ReplicateProject'
            if (-not $isShared -and $parameter.Name -match 'Path$|File$|Directory$|^TensorBoard$|^Destination$|^Repository$') { "$command -$($parameter.Name)" }
        }
    }

    # Ways to write the path of a file in the project, of which {0} is its name.
    $ways = @(
        @{ Way = 'a drive'; Write = { param($directory, $name) "work:/$name" } }
        @{ Way = 'the home'; Write = { param($directory, $name) "~/$([IO.Path]::GetRelativePath($HOME, "$directory/$name"))" } }
        @{ Way = 'a provider'; Write = { param($directory, $name) "FileSystem::$directory/$name" } }
        @{ Way = 'the full name of a provider'; Write = { param($directory, $name) "Microsoft.PowerShell.Core\FileSystem::$directory/$name" } }
        @{ Way = 'an absolute path'; Write = { param($directory, $name) "$directory/$name" } }
    )
}
BeforeAll {
    . $PSScriptRoot/Support.ps1

    # What is tried of each parameter: a block that gets a way to write paths, and throws where the path isn't taken for what it is.
    $saved = { param($write) New-ReplicateExperiment -Path (& $write 'a[1].txt') | Stop-ReplicateExperiment -PassThru | Get-ReplicateFile | ForEach-Object Path | Should -Be 'a[1].txt' }
    $tries = @{
        'New-ReplicateExperiment -Path' = $saved
        'Add-ReplicateCheckpoint -Path' = { param($write)
            $experiment = New-ReplicateExperiment -NoHeartbeat
            $checkpoint = $experiment | Add-ReplicateCheckpoint -Path (& $write 'a[1].txt') -PassThru
            $checkpoint | Open-ReplicateFile -Path 'a[1].txt' | Should -Be "one`n" }
        'Invoke-ReplicateExperiment -Path' = { param($write)
            Invoke-ReplicateExperiment -Path (& $write 'a[1].txt') { } | Open-ReplicateFile -Path 'a[1].txt' | Should -Be "one`n" }
        'Invoke-ReplicateExperiment -CheckpointPath' = { param($write)
            $experiment = Invoke-ReplicateExperiment -CheckpointPath (& $write 'a[1].txt') { Set-Content -LiteralPath 'a[1].txt' new; 'step 1 loss: 1' }
            $experiment.Latest() | Open-ReplicateFile -Path 'a[1].txt' | Should -Be "new`n"
            Set-Content -LiteralPath 'a[1].txt' one }
        'Invoke-ReplicateExperiment -ParamFile' = { param($write) (Invoke-ReplicateExperiment -ParamFile (& $write 'p[1].json') { }).Params.lr | Should -Be 0.5 }
        'Invoke-ReplicateExperiment -FilePath' = { param($write)
            (Invoke-ReplicateExperiment -FilePath (& $write 'train[1].sh') -PassThru | Select-Object -Last 1) | Should -Be 'loss=0.5' }
        'Invoke-ReplicateExperiment -CsvFile' = { param($write)
            (Invoke-ReplicateExperiment -CsvFile (& $write 'm[1].csv') { Set-Content -LiteralPath 'm[1].csv' "epoch,loss`n1,0.5" }).loss | Should -Be 0.5 }
        'Invoke-ReplicateExperiment -JsonFile' = { param($write)
            (Invoke-ReplicateExperiment -JsonFile (& $write 'm[1].jsonl') { Set-Content -LiteralPath 'm[1].jsonl' '{"step": 1, "loss": 0.5}' }).loss | Should -Be 0.5 }
        'Invoke-ReplicateExperiment -TensorBoard' = { param($write)
            $warnings = $null
            $null = Invoke-ReplicateExperiment -TensorBoard (& $write 'events') { } -WarningVariable warnings 3> $null
            "$warnings" | Should -Not -Match ':/events|~/|::' }
        'Restore-ReplicateCheckpoint -OutputDirectory' = { param($write)
            New-ReplicateExperiment -Path 'a[1].txt' | Stop-ReplicateExperiment -PassThru | Restore-ReplicateCheckpoint -OutputDirectory (& $write 'out[1]')
            Get-Content -LiteralPath 'out[1]/a[1].txt' | Should -Be 'one' }
        'Open-ReplicateFile -OutFile' = { param($write)
            $null = New-ReplicateExperiment -Path 'a[1].txt' | Stop-ReplicateExperiment -PassThru | Open-ReplicateFile -Path 'a[1].txt' -OutFile (& $write 'b[1].txt')
            Get-Content -LiteralPath 'b[1].txt' | Should -Be 'one' }
        'Export-ReplicatePlot -OutFile' = { param($write)
            $null = Invoke-ReplicateExperiment { 'step 1 loss: 1'; 'step 2 loss: 2' } | Export-ReplicatePlot loss -OutFile (& $write 'p[1].svg')
            Get-Content -Raw -LiteralPath 'p[1].svg' | Should -Match '<svg' }
        'Export-ReplicateReport -OutFile' = { param($write)
            Export-ReplicateReport -OutFile (& $write 'r[1].html')
            Get-Content -Raw -LiteralPath 'r[1].html' | Should -Match '<html' }
        'Copy-ReplicateExperiment -Destination' = { param($write)
            $experiment = New-ReplicateExperiment -NoHeartbeat | Stop-ReplicateExperiment -PassThru
            $null = $experiment | Copy-ReplicateExperiment -Destination (& $write "copy$([guid]::NewGuid())")
            (Get-ChildItem copy*/metadata/experiments/*).Name | Should -Contain "$($experiment.Id).json" }
        'Initialize-ReplicateProject -Repository' = { param($write)
            $null = Initialize-ReplicateProject -Repository (& $write 'kept') -Force
            (Get-ReplicateProject).Repository | Should -Be "file://$PWD/kept" }
        'Initialize-ReplicateProject -ProjectDirectory' = { param($write)
            $null = Initialize-ReplicateProject -ProjectDirectory (& $write 'new[1]')
            'new[1]/replicate.yaml' | ForEach-Object { Test-Path -LiteralPath $_ } | Should -BeTrue }
    }

    # Those that every cmdlet has go the same way in all; what names something saved is no path of the file system.
    $shared = { param($write, $parameter)
        $expected = (New-ReplicateExperiment -NoHeartbeat | Stop-ReplicateExperiment -PassThru).Id
        $more = $parameter -eq 'Repository' ? @{ Repository = & $write '.replicate' } : @{ ProjectDirectory = & $write '.' }
        Push-Location /
        try { (Get-ReplicateExperiment @more).Id | Should -Contain $expected } finally { Pop-Location } }
    $savedNames = 'Compare-ReplicateCheckpoint -File', 'Compare-ReplicateCheckpoint -Path', 'Open-ReplicateFile -Path', 'Restore-ReplicateCheckpoint -Path', 'Get-ReplicateFile -Path'
    $objects = 'Add-ReplicateCheckpoint -File'
}
AfterAll { Exit-Project }

Describe 'A path of the file system' {
    BeforeEach {
        $project = Enter-Project
        $null = New-PSDrive -Name work -PSProvider FileSystem -Root $project
        [IO.File]::WriteAllText("$project/a[1].txt", "one`n")
        [IO.File]::WriteAllText("$project/p[1].json", '{"lr": 0.5}')
        [IO.File]::WriteAllText("$project/train[1].sh", "#!/bin/sh`necho loss=0.5`n")
        if (-not $IsWindows) { chmod +x "$project/train[1].sh" }
        $null = New-Item -ItemType Directory events
        Set-Content replicate.yaml 'repository: file://.replicate'
    }
    AfterEach { Set-Location /; Remove-PSDrive work }

    It 'may be written by <Way> for <Name>' -ForEach @(foreach ($path in $paths) { foreach ($way in $ways) { @{ Name = $path; Way = $way.Way; Write = $way.Write } } }) {
        if ($Name -in $savedNames -or $Name -in $objects) { return }
        $from = $Write
        $here = $PWD.ProviderPath
        $by = { param($file) & $from $here $file }.GetNewClosure()
        $try = $tries[$Name]
        if ($Name -match ' -(Repository|Destination)$' -and $Way -eq 'an absolute path') { return } # A URL needs its scheme.
        if ($try) { & $try $by; return }
        $Name | Should -Match ' -(Repository|ProjectDirectory)$' -Because 'a new parameter that takes a path has to be tried here'
        & $shared $by ($Name -replace '.* -')
    }

    It 'is taken the same way by all cmdlets for the repository and the project directory' {
        foreach ($command in Get-Command -Module Replicate -CommandType Cmdlet) {
            foreach ($name in 'Repository', 'ProjectDirectory') {
                $command.ImplementingType.GetProperty($name).DeclaringType.Name | Should -Be 'ReplicateCmdlet'
            }
        }
    }

    It 'is relative to where the shell is for <_>' -ForEach @(
        'Export-ReplicateReport -OutFile', 'Open-ReplicateFile -OutFile', 'Restore-ReplicateCheckpoint -OutputDirectory', 'Invoke-ReplicateExperiment -ParamFile', 'Invoke-ReplicateExperiment -FilePath'
    ) {
        & $tries[$_] { param($file) "./$file" }
    }

    It 'is of the file system, and anything else one clear error, for <_>' -ForEach @($paths) {
        if ($_ -in $savedNames -or $_ -in $objects) { return }
        $try = $tries[$_] ?? { param($write) & $shared $write $parameter }
        $parameter = $_ -replace '.* -'
        $failure = Get-Failure { & $try { 'Env:/x.svg' } }
        $failure.FullyQualifiedErrorId | Should -Match '^NotAFileSystemPath' -Because "$failure"
        $failure.Exception.Message | Should -Be "'Env:/x.svg' is not a path of the file system."
    }
}
