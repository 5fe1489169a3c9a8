BeforeAll {
    . $PSScriptRoot/Support.ps1
    $rendering = $PSStyle.OutputRendering
}
AfterAll {
    Exit-Project
    $PSStyle.OutputRendering = $rendering
}

Describe 'Get-ReplicateLog' {
    BeforeEach { $project = Enter-Project }

    It 'gets what a program wrote, in order, with its streams and times' {
        $run = Invoke-ReplicateExperiment -FilePath sh -ArgumentList '-c', 'echo "epoch 1, loss: 0.5"; sleep 0.3; echo oops >&2; sleep 0.3; printf "  0%%\r100%%\n"; printf end'
        $lines = $run | Get-ReplicateLog
        $lines.Text | Should -Be 'epoch 1, loss: 0.5', 'oops', '100%', 'end'
        $lines.IsError | Should -Be $false, $true, $false, $false
        $lines[0].Time | Should -BeGreaterOrEqual $run.Created.AddSeconds(-1)
        $lines[1].Time | Should -BeGreaterThan $lines[0].Time
        "$($lines[0])" | Should -Be 'epoch 1, loss: 0.5'
        (Get-ReplicateLog $run.Id.Substring(0, 8) -Tail 2).Text | Should -Be '100%', 'end'
        (Get-ReplicateLog $run.Id -Error).Text | Should -Be 'oops'
        ($run.Latest() | Get-ReplicateLog -Tail 1).Text | Should -Be 'end'
        (Get-Failure { Get-ReplicateLog nothing -ErrorAction Stop }).FullyQualifiedErrorId | Should -Match 'IdNotFound'
    }

    It 'gets what a script block wrote, errors too' {
        Invoke-ReplicateExperiment -ErrorAction SilentlyContinue -ExperimentVariable run {
            'loss: 0.5'
            Write-Host 'to the host'
            Write-Error 'went wrong' -ErrorAction Continue
            sh -c 'echo native >&2'
            Write-ReplicateLog 'beside' -PassThru
            throw 'at its end'
        } | Out-Null
        $lines = $run | Get-ReplicateLog
        $lines.Text | Should -Be 'loss: 0.5', 'to the host', 'went wrong', 'native', 'beside', 'beside', 'at its end'
        ($lines | Where-Object IsError).Text | Should -Be 'went wrong', 'native', 'at its end'
    }

    It 'shows lines as they were written, and nothing that a terminal obeys' {
        $experiment = New-ReplicateExperiment -NoHeartbeat
        "one`ttwo", "bell `a", '' | Write-ReplicateLog -Experiment $experiment
        $PSStyle.OutputRendering = 'PlainText'
        ($experiment | Get-ReplicateLog | Out-String) -split '\r?\n' | Select-Object -First 3 | Should -Be "one`ttwo", 'bell \u0007', ''
        ($experiment | Get-ReplicateLog)[1].Text | Should -Be 'bell \u0007'
        ($experiment | Get-ReplicateLog)[1].PSBase.Text | Should -Be "bell `a"
        ($experiment | Get-ReplicateLog | Format-List * | Out-String) | Should -Not -Match "`a"
    }

    It 'follows a run until its end' {
        $experiment = New-ReplicateExperiment
        Write-ReplicateLog first -Experiment $experiment
        $id = $experiment.Id
        $job = Start-ThreadJob { Import-Module $using:manifest; Get-ReplicateLog $using:id -Follow -ProjectDirectory $using:project | ForEach-Object Text }
        while (@($job | Receive-Job -Keep).Count -lt 1) { Start-Sleep -Milliseconds 50 }
        Write-ReplicateLog second -Experiment $experiment
        $experiment | Stop-ReplicateExperiment
        $job | Wait-Job | Receive-Job | Should -Be 'first', 'second'
    }

    It 'keeps no more than it is told to' {
        Invoke-ReplicateExperiment -MaxLog 20KB -NoOutputMetrics -FilePath sh -ArgumentList '-c', 'i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo "line $i"; done' -PassThru -ExperimentVariable kept | Out-Null
        $run = $kept
        $lines = $run | Get-ReplicateLog
        $lines[0].Text | Should -Be 'line 1'
        $lines[-1].Text | Should -Be 'line 2000'
        @($lines | Where-Object Stream -EQ Note).Count | Should -Be 1
        $lines.Count | Should -BeLessThan 700
        Invoke-ReplicateExperiment -MaxLog 0 -FilePath sh -ArgumentList '-c', 'echo text' | Get-ReplicateLog | Should -BeNullOrEmpty
    }
}

Describe 'Write-ReplicateLog' {
    BeforeEach { $project = Enter-Project }

    It 'writes to the experiment that is named, without secrets' {
        $experiment = New-ReplicateExperiment -NoHeartbeat
        Write-ReplicateLog "one`ntwo" -Id $experiment.Id.Substring(0, 10)
        'api_key=abcdef1234567890' | Write-ReplicateLog -Experiment $experiment -Error
        sh -c 'echo three; echo four >&2' 2>&1 | Write-ReplicateLog -Experiment $experiment
        $lines = $experiment | Get-ReplicateLog
        $lines.Text | Sort-Object | Should -Be 'api_key=***', 'four', 'one', 'three', 'two'
        ($lines | Where-Object IsError).Text | Should -Be 'api_key=***', 'four'
        (Get-Failure { Write-ReplicateLog x }).FullyQualifiedErrorId | Should -Match 'ExperimentMissing'
    }
}
