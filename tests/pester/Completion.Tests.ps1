BeforeAll {
    . $PSScriptRoot/Support.ps1
    $start = Get-Location
    $project = Enter-Project
    Set-Content 'model file.pth' weights
    Set-Content train.ps1 code
    $exps = foreach ($rate in 0.1, 0.2) {
        $exp = New-ReplicateExperiment -Params @{ learning_rate = $rate; 'layer size' = 3 } -Path train.ps1 -NoHeartbeat
        $null = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = $rate; accuracy = 1 } -Path 'model file.pth' -PrimaryMetric loss -Goal minimize
        $exp
    }
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
}
AfterAll { Set-Location $start }

Describe 'Completion' {
    BeforeEach { Set-Location $project }

    It 'offers ids of experiments, newest first, with what tells them apart' {
        foreach ($cmdlet in 'Get-ReplicateExperiment', 'Remove-ReplicateExperiment -Id', 'Stop-ReplicateExperiment', 'Add-ReplicateCheckpoint -Id') {
            $found = Complete "$cmdlet "
            $found.CompletionText | Should -Be $exps[1].Id, $exps[0].Id
        }
        $found[0].ListItemText | Should -Be $exps[1].ShortId
        $found[0].ToolTip | Should -BeLike '*Stopped*learning_rate=0.2*step 0*loss=0.2*'
    }

    It 'completes the beginning of an id' {
        $found = @(Complete "Get-ReplicateExperiment $($exps[0].Id.Substring(0, 12))")
        $found.CompletionText | Should -Be $exps[0].Id
        @(Complete "Get-ReplicateExperiment -Id zzz" | Where-Object ResultType -eq ParameterValue).Count | Should -Be 0
    }

    It 'offers checkpoints where they are accepted, and only them where they alone are' {
        (Complete 'Get-ReplicateCheckpoint ').CompletionText | Should -Be @(
            $exps[1].Id, $exps[1].Latest().Id, $exps[0].Id, $exps[0].Latest().Id)
        (Complete 'Remove-ReplicateCheckpoint ').CompletionText | Should -Be $exps[1].Latest().Id, $exps[0].Latest().Id
        (Complete 'Compare-ReplicateCheckpoint abc ').CompletionText | Should -Contain $exps[0].Id
    }

    It 'looks into the repository of the command line' {
        Set-Location /
        (Complete "Get-ReplicateExperiment -Repository file://$project/.replicate -Id ").CompletionText | Should -Be $exps[1].Id, $exps[0].Id
        (Complete "Get-ReplicateExperiment -ProjectDirectory '$project' -Id ").CompletionText | Should -Be $exps[1].Id, $exps[0].Id
    }

    It 'offers names' {
        (Complete 'Add-ReplicateCheckpoint -PrimaryMetric ').CompletionText | Should -Be accuracy, loss
        (Complete 'Get-ReplicateExperiment -Sort l').CompletionText | Should -Be 'loss', 'loss-desc', "'layer size'", "'layer size-desc'", 'learning_rate', 'learning_rate-desc'
        (Complete "Get-ReplicateExperiment -Filter 'learn").CompletionText | Should -Be "'learning_rate '"
        (Complete 'Get-ReplicateExperiment -Filter layer').CompletionText | Should -Be @("'`"layer size`" '")
        (Complete 'Get-ReplicateExperiment -Filter st').CompletionText | Should -Contain "'status '"
        (Complete 'Add-ReplicateCheckpoint -Goal ').CompletionText | Should -Be minimize, maximize
        (Complete 'Initialize-ReplicateProject -Goal ma').CompletionText | Should -Be maximize
        (Complete 'Get-ReplicateExperiment -Status ').CompletionText | Should -Contain Running
    }

    It 'offers the paths saved with the experiment or checkpoint of the command line' {
        $id = $exps[0].Latest().Id
        (Complete "Open-ReplicateFile $id ").CompletionText | Should -Be "'model file.pth'", 'train.ps1'
        (Complete "Get-ReplicateFile $($exps[0].Id) -Path ").CompletionText | Should -Be 'train.ps1'
        (Complete "Restore-ReplicateCheckpoint $id -Path tr").CompletionText | Should -Be 'train.ps1'
    }

    It 'stays silent where there is nothing to offer' {
        Set-Location /
        Complete "Get-ReplicateExperiment -Repository ftp://x -Id " | Should -BeNullOrEmpty
        Complete "Get-ReplicateExperiment -Repository file:///no/such/place -Id " | Should -BeNullOrEmpty
        Complete "Open-ReplicateFile unknown -Path " | Where-Object ResultType -eq ParameterValue | Should -BeNullOrEmpty
    }
}
