# What becomes of our objects in a shell's hands: JSON, CLIXML, CSV, sorting, methods.
BeforeAll {
    . $PSScriptRoot/Support.ps1
    $project = Enter-Project
    Set-Content model.txt weights
    $exps = foreach ($rate in 0.00012, 0.3) {
        $exp = New-ReplicateExperiment -Params @{ learning_rate = $rate; layers = 64, 32 } -NoHeartbeat -Path model.txt
        foreach ($step in 1..5) {
            $exp | Add-ReplicateCheckpoint -Step $step -Path model.txt -PrimaryMetric val_loss -Goal minimize -Metrics @{ val_loss = 1 / $step; 'f 1' = $step }
        }
        $exp | Stop-ReplicateExperiment -ExitCode 0
        $exp
    }
    $exp = Get-ReplicateExperiment $exps[0].Id
}
AfterAll { Exit-Project }

Describe 'An experiment' {
    BeforeEach { Set-Location $project }

    It 'is a small document of JSON at depth <depth>, with what the best checkpoint has' -ForEach @{ depth = 3 }, @{ depth = 10 } {
        $json = $exp | ConvertTo-Json -Depth $depth
        $json.Length | Should -BeLessThan 40000
        $read = $json | ConvertFrom-Json
        $read.Id | Should -Be $exp.Id
        $read.Status | Should -Be Completed
        $read.Params.learning_rate | Should -Be 0.00012
        $read.BestCheckpoint.Metrics.val_loss | Should -Be 0.2
        $read.LatestCheckpoint.Step | Should -Be 5
        $read.Checkpoints.Count | Should -Be 5
        $read.PSObject.Properties.Name | Should -Not -Contain Project
    }

    It 'of 1,000 checkpoints is JSON of a size that grows with them' {
        $sizes = foreach ($count in 100, 1000) {
            $id = [Security.Cryptography.RandomNumberGenerator]::GetHexString(64, $true)
            $null = New-Item -ItemType Directory many/metadata/experiments -Force
            [ordered]@{
                id = $id; created = '2026-01-01T00:00:00Z'; params = @{ rate = 0.1 }; host = ''; user = ''; config = @{ repository = ''; storage = '' }
                command = ''; path = ''; python_version = ''; python_packages = @{}; replicate_version = '0.1'
                checkpoints = @(foreach ($step in 1..$count) {
                    @{ id = '{0:x64}' -f ($count * 10000 + $step); created = '2026-01-01T00:00:00Z'; step = $step; path = ''; metrics = @{ loss = 1 / $step }
                        primary_metric = @{ name = 'loss'; goal = 'minimize' } }
                })
            } | ConvertTo-Json -Depth 9 | Set-Content "many/metadata/experiments/$id.json"
            $many = Get-ReplicateExperiment $id -Repository "file://$project/many"
            $many.Checkpoints.Count | Should -Be $count
            ($many | ConvertTo-Json -Depth 10).Length
        }
        $sizes[1] | Should -BeLessThan (12 * $sizes[0])
        $sizes[1] | Should -BeLessThan 1MB
    }

    It 'has its own, and no way round, in <name>' -ForEach @(
        @{ name = 'Format-Custom'; as = { $exp | Format-Custom -Property * -Depth 6 | Out-String } }
        @{ name = 'Select-Object *'; as = { $exp | Select-Object * | ConvertTo-Json -Depth 8 } }
        @{ name = 'a project'; as = { Get-ReplicateProject | ConvertTo-Json -Depth 10 } }
        @{ name = 'a checkpoint'; as = { $exp.Checkpoints[0] | ConvertTo-Json -Depth 10 } }
    ) {
        (& $as).Length | Should -BeLessThan 60000
    }

    It 'is a line of a table when it comes back from a file' {
        $exps | Export-Clixml exps.xml
        (Get-Item exps.xml).Length | Should -BeLessThan 200KB
        $back = Import-Clixml exps.xml
        $back[0].learning_rate | Should -Be 0.00012
        $back[0].Checkpoints[4].val_loss | Should -Be 0.2
        $view = Get-View $back -Width 200
        $view[0] | Should -Match '^Id +Age +Status +Params +Best +Latest$'
        $view[2] | Should -Match "^$($exp.ShortId) .* Completed .*learning_rate=0.00012 .*val_loss=0.2"
        Get-View $back[0] -Format { $input | Format-List } | Should -Contain "Status  : Completed"
    }

    It 'is a line after objects of another kind' {
        $view = Get-View (Get-Item model.txt), $exp -Width 300
        $view[-1] | Should -Match "^Summary : $($exp.ShortId) completed, .*learning_rate=0.00012.* best .* val_loss=0.2"
    }

    It 'is a row of a CSV file: id, params, metrics, status, dates with their zone' {
        Get-ReplicateExperiment | Export-Csv out.csv
        (Get-Content out.csv -TotalCount 1) | Should -BeLike '"Id","ShortId","layers","learning_rate","f 1","val_loss","Status",*'
        $row = (Import-Csv out.csv)[0]
        $row.learning_rate | Should -Be 0.00012
        $row.Created | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$'
        $row.PSObject.Properties.Name | Should -Not -Contain PythonPackages
        $exp.Created | Should -BeLessThan (Get-Date)
        $exp.Created.Kind | Should -Be Local
    }

    It 'is complete by name where it is not listed' {
        $exp.Project.Repository | Should -Be "file://$project/.replicate"
        $exp.Metadata.Id | Should -Be $exp.Id
        $exp.PythonPackages.Count | Should -BeGreaterOrEqual 0
        $exp.Environment.powershell | Should -Be "$($PSVersionTable.PSVersion)"
    }

    It 'shows the digits of its numbers, which are numbers still' {
        (Get-View (Get-ReplicateExperiment) -Width 120)[1] | Should -Match " 0.00012 +0.2 "
        ($exp | Format-List learning_rate | Out-String).Trim() | Should -Be 'learning_rate : 0.00012'
        (Get-ReplicateExperiment | Measure-Object learning_rate -Sum).Sum | Should -Be 0.30012
        $exp.learning_rate | Should -BeOfType double
    }

    It 'offers methods that a script can call, and none that it would have to await' {
        $methods = ($exp | Get-Member -MemberType Methods).Name
        $methods | Where-Object { $_ -like '*Async' } | Should -BeNullOrEmpty
        foreach ($name in 'Best', 'Latest', 'Checkpoint', 'CheckOut', 'Delete', 'Open', 'Plot', 'Refresh', 'Stop') { $methods | Should -Contain $name }
        $line = '$exp.'
        $offered = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
        $offered | Where-Object { $_ -like '*Async*' } | Should -BeNullOrEmpty
        $offered | Should -Contain 'CheckOut('
        $offered | Should -Contain 'learning_rate'
    }

    It 'records, stops, checks out and is deleted by its methods' {
        $new = New-ReplicateExperiment -Params @{ a = 1 }
        $checkpoint = $new.Checkpoint(@{ loss = 0.5 }, 'model.txt', 7, 'loss', 'maximize')
        $checkpoint.Step | Should -Be 7
        $new.loss | Should -Be 0.5
        "$($new.PrimaryMetric)" | Should -Be 'loss (maximize)'
        $reader = [IO.StreamReader]::new($new.Checkpoints[0].Open('model.txt'))
        try { $reader.ReadToEnd().Trim() | Should -Be weights } finally { $reader.Dispose() }
        $null = $checkpoint.CheckOut("$project/out-checkpoint")
        Get-Content out-checkpoint/model.txt | Should -Be weights
        $new.Stop(3)
        (Get-ReplicateExperiment $new.Id).ExitCode | Should -Be 3
        { $new.Open('missing.txt') } | Should -Throw '*missing.txt*'
        $new.Delete()
        { Get-ReplicateExperiment $new.Id } | Should -Throw
    }

    It 'takes the location of the shell for the directory of a project made by hand' {
        [Replicate.Project]::new('file://.replicate').Directory | Should -Be $project
        [Replicate.Project]::new('file://.replicate').Experiments[0].Id | Should -Be $exp.Id
    }
}

Describe 'Checkpoints' {
    BeforeEach { Set-Location $project }

    It 'flatten like experiments' {
        ($exp.Checkpoints | Sort-Object val_loss)[0].Step | Should -Be 5
        ($exp.Checkpoints | Measure-Object val_loss -Minimum).Minimum | Should -Be 0.2
        ($exp.Checkpoints | Where-Object 'f 1' -gt 3).Step | Should -Be 4, 5
        (Get-View $exp.Checkpoints -Format { $input | Format-Table Step, 'f 1' })[-1] | Should -Match '^ +5 5$|^ +5 +5'
        $exp.Checkpoints[0].Experiment.Id | Should -Be $exp.Id
        $exp.Checkpoints[0].ExperimentId | Should -Be $exp.Id
        { $exp.Checkpoints[0].val_loss = 1 } | Should -Throw
    }
}
