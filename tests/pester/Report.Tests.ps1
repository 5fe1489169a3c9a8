BeforeAll {
    . $PSScriptRoot/Support.ps1

    # The text that the page unpacks.
    function Read-Report([string] $Path) {
        $packed = [regex]::Match((Get-Content -Raw $Path), 'id="data">"([^"]*)"').Groups[1].Value
        $bytes = [IO.MemoryStream]::new([Convert]::FromBase64String($packed))
        $reader = [IO.StreamReader]::new([IO.Compression.DeflateStream]::new($bytes, [IO.Compression.CompressionMode]::Decompress))
        $reader.ReadToEnd() | ConvertFrom-Json
    }
}
AfterAll { Exit-Project }

Describe 'Export-ReplicateReport' {
    BeforeEach {
        $null = Enter-Project
        Set-Content train.py "print('hello')"
        $first, $second = 0.1, 0.2 | ForEach-Object {
            $experiment = New-ReplicateExperiment -Params @{ rate = $_ } -Path train.py -NoHeartbeat
            $experiment | Add-ReplicateCheckpoint -Metrics @{ loss = 1 - $_ } -PrimaryMetric loss -Goal minimize
            $experiment
        }
    }

    It 'writes a page about all experiments, and emits nothing' {
        Export-ReplicateReport report.html | Should -BeNullOrEmpty
        $report = Read-Report report.html
        $report.runs.id | Should -Be $first.Id, $second.Id
        $report.runs[0].params.rate | Should -Be 0.1
        $report.lines | Should -Contain "print('hello')"
        Get-ChildItem -Filter *.tmp* | Should -BeNullOrEmpty
    }

    It 'writes about what comes down the pipeline, in its order' {
        $file = Get-ReplicateExperiment -Sort loss | Export-ReplicateReport report.html -Title 'Mine & yours' -PassThru
        $file | Should -BeOfType IO.FileInfo
        $report = Read-Report $file.FullName
        $report.runs.id | Should -Be $second.Id, $first.Id
        $report.title | Should -Be 'Mine & yours'
        Get-Content -Raw $file | Should -BeLike '*<title>Mine &amp; yours</title>*'
    }

    It 'writes about nothing when nothing comes down the pipeline' {
        Get-ReplicateExperiment -Filter 'rate > 1' | Export-ReplicateReport report.html
        (Read-Report report.html).runs | Should -BeNullOrEmpty
    }

    It 'filters and sorts as Get-ReplicateExperiment does' {
        Export-ReplicateReport report.html -Filter 'rate < 0.15'
        (Read-Report report.html).runs.id | Should -Be $first.Id
        Export-ReplicateReport report.html -Filter { $_.Id -eq $second.Id }
        (Read-Report report.html).runs.id | Should -Be $second.Id
        (Get-Failure { Export-ReplicateReport report.html -Filter 'rate <' }).FullyQualifiedErrorId | Should -BeLike 'InvalidFilter,*'
    }

    It 'leaves the code out with -NoCode' {
        Export-ReplicateReport report.html -NoCode
        $report = Read-Report report.html
        $report.lines | Should -BeNullOrEmpty
        $report.runs.id | Should -Be $first.Id, $second.Id
    }

    It 'has the files of checkpoints only when asked to' {
        Set-Content metrics.txt fine
        $second | Add-ReplicateCheckpoint -Metrics @{ loss = 0.1 } -Path metrics.txt
        Export-ReplicateReport report.html
        (Read-Report report.html).lines | Should -Not -Contain fine
        Export-ReplicateReport report.html -CheckpointFiles
        (Read-Report report.html).lines | Should -Contain fine
    }

    It 'writes nothing with -WhatIf' {
        Export-ReplicateReport report.html -WhatIf
        'report.html' | Should -Not -Exist
    }

    It 'creates a directory and replaces what is read-only by force alone' {
        (Get-Failure { Export-ReplicateReport out/report.html }).FullyQualifiedErrorId | Should -Not -BeNullOrEmpty
        Export-ReplicateReport out/report.html -Force
        Set-ItemProperty out/report.html IsReadOnly $true
        (Get-Failure { Export-ReplicateReport out/report.html }).FullyQualifiedErrorId | Should -BeLike 'FileReadOnly,*'
        Export-ReplicateReport out/report.html -Force
        (Get-Failure { Export-ReplicateReport out }).FullyQualifiedErrorId | Should -BeLike 'NotAFile,*'
    }

    It 'follows the runs with -Watch until it is stopped, and then leaves a page that does not reload' {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Set-Location '$PWD'; Import-Module '$manifest'; Export-ReplicateReport report.html -Watch -Interval 1")
            $running = $shell.BeginInvoke()
            $deadline = (Get-Date).AddSeconds(60)
            while (-not (Test-Path report.html) -and (Get-Date) -lt $deadline) { Start-Sleep -Milliseconds 50 }
            (Read-Report report.html).reloadsAfter | Should -Be 1
            $third = New-ReplicateExperiment -NoHeartbeat
            while ((Read-Report report.html).runs.id -notcontains $third.Id -and (Get-Date) -lt $deadline) { Start-Sleep -Milliseconds 50 }
            $shell.Stop()
            $report = Read-Report report.html
            $report.runs.id | Should -Contain $third.Id
            $report.PSObject.Properties.Name | Should -Not -Contain reloadsAfter
        }
        finally {
            $shell.Dispose()
        }
    }
}
