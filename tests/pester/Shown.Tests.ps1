# Whatever object of ours is shown, and however: nothing of a hostile repository reaches the terminal or an agent as it is.
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $PSStyle.OutputRendering = 'PlainText'
    $hostile = Join-Path $TestDrive hostile
    $escape = [char]27 + ']0;owned' + [char]7 + [char]27 + '[2J' + [char]0x9b + '5n'
    $command = '##vso[task.setvariable variable=x]y ##[error]z'
    $planted = "$escape $command"
    $inJson = ($planted | ConvertTo-Json).Trim('"')

    # A project whose own names are hostile, too, with files of such names saved by the engine itself.
    New-Item -ItemType Directory $hostile | Out-Null
    Set-Content (Join-Path $hostile replicate.yaml) "metrics: [{name: `"$inJson`", goal: minimize}]" -NoNewline
    $from = @{ Repository = "file://$hostile/repository"; ProjectDirectory = $hostile; WarningAction = 'SilentlyContinue' }
    $file = Join-Path $hostile "a$planted"
    foreach ($content in 'one', "two`n$planted") {
        [IO.File]::WriteAllText($file, $content)
        [IO.File]::Delete("$hostile/link")
        $null = [IO.File]::CreateSymbolicLink("$hostile/link", "to-$content-$planted".Replace("`n", ''))
        New-ReplicateExperiment @from -Path . -NoHeartbeat -Params @{ "p$planted" = $planted; nested = @{ "k$planted" = @($planted) } } |
            Add-ReplicateCheckpoint @from -Path . -Metrics @{ "m$planted" = $planted; loss = 0.5 } -Step 1 | Out-Null
        Get-ReplicateExperiment @from | Stop-ReplicateExperiment | Out-Null
    }

    # What no command of ours would record is planted into the files.
    foreach ($metadata in Get-ChildItem "$hostile/repository/metadata/experiments/*.json") {
        $json = Get-Content $metadata -Raw | ConvertFrom-Json -AsHashtable -NoEnumerate
        foreach ($key in 'host', 'user', 'command', 'path', 'python_version', 'replicate_version') { $json[$key] = "$key $planted" }
        $json.config = @{ repository = $planted; storage = $planted }
        $json.python_packages = @{ "torch$planted" = $planted }
        $json.powershell.Remove('checksum')
        $extension = @{
            note = "$planted`n$planted"; tags = @("t$planted"); parent = "parent $planted"; parent_checkpoint = "c $planted"; status = 'failed'
            error_output = "$planted`n$planted"; git = @{ branch = $planted; commit = $planted }; build = @{ number = $planted; url = $planted }
            environment = @{ "os$planted" = $planted; gpus = @{ "g$planted" = $planted } }
        }
        foreach ($name in $extension.Keys) { $json.powershell[$name] = $extension[$name] }
        foreach ($checkpoint in $json.checkpoints) {
            $checkpoint.path = "path $planted"
            $checkpoint.primary_metric = @{ name = "m$planted"; goal = 'minimize' }
            if (-not $checkpoint.powershell) { $checkpoint.powershell = @{} }
            $checkpoint.powershell.missing_files = @("missing $planted")
        }
        [IO.File]::WriteAllText($metadata, ($json | ConvertTo-Json -Depth 20))
    }
    $ids = (Get-ReplicateExperiment @from).Id
    $checkpoints = (Get-ReplicateExperiment @from).Checkpoints.Id
    # A tarball that belongs to nothing.
    function Add-Orphan {
        $orphan = "$hostile/repository/checkpoints/x$planted.tar.gz"
        [IO.File]::WriteAllText($orphan, 'nobody''s')
        [IO.File]::SetLastWriteTimeUtc($orphan, [datetime]::UtcNow.AddDays(-9))
    }

    # The controls, and in a pipeline the commands, that are left in what a person or an agent sees.
    function Get-Obeyed([string] $shown) {
        @([regex]::Matches($shown, '[\p{Cc}-[\r\n\t]]')) + $(if ($env:TF_BUILD) { [regex]::Matches($shown, '##vso\[|##\[') })
    }
}
AfterAll { $env:TF_BUILD = $null }

Describe 'An object of a hostile repository' {
    It '<name> shows nothing that is obeyed<where>' -ForEach @(
        foreach ($pipeline in $null, 'true') {
            foreach ($each in @(
                    @{ name = 'Experiment'; get = { Get-ReplicateExperiment @from } }
                    @{ name = 'a tree of experiments'; get = { Get-ReplicateExperiment @from -Tree } }
                    @{ name = 'ExperimentMetadata'; get = { (Get-ReplicateExperiment @from).Metadata } }
                    @{ name = 'ExperimentExtension'; get = { (Get-ReplicateExperiment @from).Metadata.Extension } }
                    @{ name = 'Checkpoint'; get = { Get-ReplicateCheckpoint $checkpoints @from } }
                    @{ name = 'a checkpoint of a list'; get = { (Get-ReplicateExperiment @from).Checkpoints } }
                    @{ name = 'the best checkpoint'; get = { (Get-ReplicateExperiment @from).ForEach{ $_.Best(); $_.Latest() } } }
                    @{ name = 'the experiment of a checkpoint'; get = { (Get-ReplicateCheckpoint $checkpoints @from).Experiment } }
                    @{ name = 'params'; get = { (Get-ReplicateExperiment @from).Params } }
                    @{ name = 'SavedFile'; get = { Get-ReplicateFile $ids[0] @from } }
                    @{ name = 'Difference'; get = { Compare-ReplicateCheckpoint $ids[0] $ids[1] @from } }
                    @{ name = 'FileDifference'; get = { Compare-ReplicateCheckpoint $ids[0] $ids[1] @from -File | Where-Object Section -eq Files } }
                    @{ name = 'ComparedFile'; get = { (Compare-ReplicateCheckpoint $ids[0] $ids[1] @from -File | Where-Object Section -eq Files).Values } }
                    @{ name = 'a difference of three'; get = { Compare-ReplicateCheckpoint $ids[0] $ids[1] $checkpoints[0] @from -File } }
                    @{ name = 'Finding'; get = { Add-Orphan; (Test-ReplicateRepository @from).Findings } }
                    @{ name = 'RepositoryHealth'; get = { Add-Orphan; Test-ReplicateRepository @from } }
                    @{ name = 'RepairResult'; get = { Add-Orphan; (Test-ReplicateRepository @from).Findings[0] | Repair-ReplicateRepository -Confirm:$false } }
                    @{ name = 'CheckOutResult'; get = { Restore-ReplicateCheckpoint $ids[0] @from -OutputDirectory (Join-Path $TestDrive "out$(Get-Random)") -PassThru 6>$null } }
                    @{ name = 'Project'; get = { Get-ReplicateProject @from } }
                    @{ name = 'ProjectConfiguration'; get = { (Get-ReplicateProject @from).Configuration } }
                    @{ name = 'a changed experiment'; get = { Set-ReplicateExperiment $ids[0] @from -Note $planted -PassThru } }
                    @{ name = 'a copied experiment'; get = { Copy-ReplicateExperiment $ids[0] "file://$hostile/copy$(Get-Random)" -Repository $from.Repository -ProjectDirectory $hostile -PassThru 3>$null } }
                    @{ name = 'a plot'; get = { Get-ReplicateExperiment @from | Show-ReplicatePlot loss } }
                )) {
                $each + @{ pipeline = $pipeline; where = $pipeline ? ' in a pipeline' : '' }
            }
        }
    ) {
        $env:TF_BUILD = $pipeline
        try {
            $found = @(& $get).Where{ $null -ne $_ }
            $found.Count | Should -BeGreaterThan 0
            $shown = foreach ($format in { $found }, { $found | Format-List * }, { $found | Format-Table * }, { $found | Format-Wide }, { $found | Format-Custom -Depth 3 }, { $found.ForEach{ "$_" } }) {
                & $format | Out-String -Width 5000
            }
            $shown += $found | ForEach-Object { $_.PSObject.Properties | ForEach-Object { "$($_.Name) = $($_.Value)" } } | Out-String -Width 5000
            (Get-Obeyed "$shown").ForEach{ "$_ in $("$shown".Substring([Math]::Max(0, $_.Index - 80), 80))" } | Select-Object -First 1 | Should -BeNullOrEmpty
        }
        finally { $env:TF_BUILD = $null }
    }

    It 'completes as harmless text after "<line>"' -ForEach @(
        foreach ($word in 'Get-ReplicateExperiment -Tag ', 'Get-ReplicateExperiment -Filter ', 'Get-ReplicateExperiment -Sort ', 'Show-ReplicatePlot -Metric ', 'Get-ReplicateCheckpoint ',
            'Export-ReplicatePlot -Metric ', 'Open-ReplicateFile ID -Path ', 'Get-ReplicateFile ID -Path ', 'Restore-ReplicateCheckpoint ID -Path ') { @{ line = $word } }
    ) {
        $env:TF_BUILD = 'true'
        try {
            $text = "$($line.Replace('ID', $ids[0]))'"
            $offered = (TabExpansion2 "$text -Repository $($from.Repository) -ProjectDirectory $hostile" -cursorColumn $text.Length).CompletionMatches
            Get-Obeyed ($offered.ForEach{ $_.CompletionText; $_.ListItemText; $_.ToolTip } -join "`n") | Should -HaveCount 0
        }
        finally { $env:TF_BUILD = $null }
    }

    It 'has its properties as they are recorded in PSBase' {
        $experiment = Get-ReplicateExperiment $ids[0] @from
        $experiment.PSBase.Host | Should -Be "host $planted"
        $experiment.Checkpoints[0].PSBase.Path | Should -Be "path $planted"
    }
}
