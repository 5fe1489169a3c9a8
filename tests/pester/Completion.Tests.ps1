BeforeAll {
    . $PSScriptRoot/Support.ps1
    $project = Enter-Project
    Set-Content 'model file.pth' weights
    Set-Content train.ps1 code
    $exps = foreach ($rate in 0.1, 0.2) {
        $exp = New-ReplicateExperiment -Params @{ learning_rate = $rate; 'layer size' = 3 } -Path train.ps1 -Tag baseline -NoHeartbeat
        $null = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = $rate; accuracy = 1 } -Path 'model file.pth' -PrimaryMetric loss -Goal minimize
        $exp
    }
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
}
AfterAll { Exit-Project }

Describe 'Completion' {
    BeforeEach { Set-Location $project }

    It 'offers ids of experiments, newest first, with what tells them apart' {
        foreach ($cmdlet in 'Get-ReplicateExperiment', 'Remove-ReplicateExperiment -Id', 'Stop-ReplicateExperiment', 'Add-ReplicateCheckpoint -Id') {
            $found = Complete "$cmdlet "
            $found.CompletionText | Should -Be $exps[1].ShortId, $exps[0].ShortId
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
            $exps[1].ShortId, $exps[1].Latest().ShortId, $exps[0].ShortId, $exps[0].Latest().ShortId)
        (Complete 'Remove-ReplicateCheckpoint ').CompletionText | Should -Be $exps[1].Latest().ShortId, $exps[0].Latest().ShortId
        (Complete 'Compare-ReplicateCheckpoint abc ').CompletionText | Should -Contain $exps[0].ShortId
    }

    It 'looks into the repository of the command line' {
        Set-Location /
        (Complete "Get-ReplicateExperiment -Repository file://$project/.replicate -Id ").CompletionText | Should -Be $exps[1].ShortId, $exps[0].ShortId
        (Complete "Get-ReplicateExperiment -ProjectDirectory '$project' -Id ").CompletionText | Should -Be $exps[1].ShortId, $exps[0].ShortId
    }

    It 'offers names' {
        (Complete 'Add-ReplicateCheckpoint -PrimaryMetric ').CompletionText | Should -Be accuracy, loss
        (Complete 'Get-ReplicateExperiment -Sort lo').CompletionText | Should -Be 'loss', 'loss-desc', 'loss-asc'
        (Complete 'Get-ReplicateExperiment -Sort "layer').CompletionText | Should -Be "'layer size'", "'layer size-desc'", "'layer size-asc'"
        (Complete 'Set-ReplicateExperiment -AddTag b').CompletionText | Should -Be baseline
        (Complete 'Add-ReplicateCheckpoint -Goal ').CompletionText | Should -Be minimize, maximize
        (Complete 'Initialize-ReplicateProject -Goal ma').CompletionText | Should -Be maximize
        (Complete 'Get-ReplicateExperiment -Status ').CompletionText | Should -Contain Running
    }

    It 'completes a condition of -Filter: <line>' -ForEach @(
        @{ line = "'lo"; expected = "'loss '" }
        @{ line = "'learn"; expected = "'learning_rate '" }
        @{ line = 'layer'; expected = "'`"layer size`" '" }
        @{ line = "'`"layer"; expected = "'`"layer size`" '" }
        @{ line = '"loss <'; expected = "'loss < '", "'loss <= '" }
        @{ line = "'loss "; expected = "'loss = '", "'loss != '", "'loss < '", "'loss <= '", "'loss > '", "'loss >= '" }
        @{ line = "'status = co"; expected = "'status = completed'" }
        @{ line = "'st"; expected = "'step '", "'status '" }
        @{ line = '"learning_rate >= '; expected = "'learning_rate >= 0.1'", "'learning_rate >= 0.2'" }
        @{ line = "'tags = "; expected = "'tags = baseline'" }
    ) {
        (Complete "Get-ReplicateExperiment -Filter $line").CompletionText | Should -Be $expected
    }

    It 'completes a condition whose closing quote is already there' {
        $line = "Get-ReplicateExperiment -Filter 'lo' -Sort created"
        (TabExpansion2 $line $line.IndexOf("' -Sort")).CompletionMatches.CompletionText | Should -Be "'loss '"
    }

    It 'offers the paths saved with the experiment or checkpoint of the command line' {
        $id = $exps[0].Latest().Id
        (Complete "Open-ReplicateFile $id ").CompletionText | Should -Be "'model file.pth'", 'train.ps1'
        (Complete "Get-ReplicateFile $($exps[0].Id) -Path ").CompletionText | Should -Be "'model file.pth'", 'train.ps1'
        (Complete "Compare-ReplicateCheckpoint $($exps[0].Id) $id -Path ").CompletionText | Should -Be "'model file.pth'", 'train.ps1'
        (Complete "Restore-ReplicateCheckpoint $id -Path tr").CompletionText | Should -Be 'train.ps1'
    }

    It 'offers experiments where a log is read or written' {
        $id = $exps[0].Id
        (Complete "Get-ReplicateLog $($id.Substring(0, 20))").CompletionText | Should -Be $id
        (Complete "Write-ReplicateLog text -Id $($id.Substring(0, 20))").CompletionText | Should -Be $id
    }

    It 'stays silent where there is nothing to offer' {
        Set-Location /
        Complete "Get-ReplicateExperiment -Repository ftp://x -Id " | Should -BeNullOrEmpty
        Complete "Get-ReplicateExperiment -Repository file:///no/such/place -Id " | Should -BeNullOrEmpty
        Complete "Open-ReplicateFile unknown -Path " | Where-Object ResultType -eq ParameterValue | Should -BeNullOrEmpty
    }
}
