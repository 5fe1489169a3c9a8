BeforeAll {
    . $PSScriptRoot/Support.ps1
    $rendering = $PSStyle.OutputRendering
    $null = Enter-Project
    $exps = foreach ($name in 'left', 'right', 'third') {
        Set-Content train.ps1 ((1..9 | ForEach-Object { $_ -eq 5 ? "echo $name`e[31m" : "line $_" }) -join "`n")
        Set-Content "$name.txt" $name
        [IO.File]::WriteAllBytes("$PWD/weights", [byte[]](0, 1, $name.Length))
        $exp = New-ReplicateExperiment -Params @{ name = $name } -Path . -NoHeartbeat
        $null = $exp | Add-ReplicateCheckpoint -Metrics @{ loss = $name.Length } -Path weights
        Remove-Item "$name.txt"
        $exp
    }
}
AfterAll {
    Exit-Project
    $PSStyle.OutputRendering = $rendering
}

Describe 'Comparing files' {
    BeforeAll { $files = Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id -File | Where-Object Section -eq Files }

    It 'tells what was added, removed and changed, with sizes' {
        $files.Name | Should -Be 'left.txt', 'right.txt', 'train.ps1', 'weights'
        $files.Change | Should -Be 'Removed', 'Added', 'Changed', 'Changed'
        $files[0].Left.Length | Should -Be 5
        $files[0].Right | Should -BeNullOrEmpty
        $files[3].Left.Sha256 | Should -Not -Be $files[3].Right.Sha256
        $files | Should -BeOfType Replicate.Difference
    }

    It 'gives the lines of a text as a patch that git takes' {
        $files[3].Diff | Should -BeNullOrEmpty
        $files[2].PSBase.Diff | Should -BeLike "*@@ -2,7 +2,7 @@`n line 2`n line 3`n line 4`n-echo left`e?31m`n+echo right`e?31m`n line 6*"
        $files[2].Diff | Should -BeLike '*-echo left\u001b?31m*'
        $null = New-Item patched -ItemType Directory
        $exps[0] | Restore-ReplicateCheckpoint -OutputDirectory patched 6> $null
        [IO.File]::WriteAllText("$PWD/patched/changes", $files[2].PSBase.Diff)
        Push-Location patched
        git apply -p1 changes 2>&1 | Should -BeNullOrEmpty
        Pop-Location
        Get-Content patched/train.ps1 -Raw | Should -BeLike '*echo right*'
    }

    It 'leaves out what is not asked for' {
        (Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id -Path '*.ps1' | Where-Object Section -eq Files).Name | Should -Be 'train.ps1'
        Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id | Where-Object Section -eq Files | Should -BeNullOrEmpty
    }

    It 'shows them after the other differences, control characters escaped' {
        $view = Get-View (Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id -File)
        $view | Should -Contain 'Removed left.txt (5 bytes)'
        $view | Should -Contain '-echo left\u001b[31m'
        $view | Should -Contain '   Section: Params'
        "$view" | Should -Not -Match "`e"
    }

    It 'shows the lines in colour where a shell renders it' {
        $PSStyle.OutputRendering = 'Ansi'
        ($files | Out-String).Contains("$($PSStyle.Foreground.Green)+echo right\u001b") | Should -BeTrue
        $PSStyle.OutputRendering = 'Host'
        $files | Out-String | Should -Not -Match "`e"
    }

    It 'gives more than two a column each' {
        $many = $exps | Compare-ReplicateCheckpoint -File
        $view = Get-View $many -Width 120
        $view | Should -Contain 'name             left                 right                third'
        ($many | Where-Object Name -eq weights).Values.Count | Should -Be 3
        ($many | Where-Object Name -eq train.ps1).Diff | Should -BeNullOrEmpty
        ($view -match '^left.txt')[0] | Should -Be 'left.txt         5 bytes'
    }

    It 'names what is missing, and compares the rest' {
        $archive = Get-Item ".replicate/experiments/$($exps[1].Id).tar.gz"
        Move-Item $archive saved
        try {
            $found = Compare-ReplicateCheckpoint $exps[0].Id $exps[1].Id -File -WarningVariable warned 3> $null
            "$warned" | Should -BeLike "*$($exps[1].Latest().ShortId)*"
            $found.Section | Should -Contain Params
            $found.Section | Should -Not -Contain Files
            $many = $exps[1, 0, 2] | Compare-ReplicateCheckpoint -File 3> $null | Where-Object Name -eq train.ps1
            "$($many.Left)" | Should -Be '(not known)'
        }
        finally {
            Move-Item saved $archive
        }
    }
}
