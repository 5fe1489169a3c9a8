BeforeAll {
    . $PSScriptRoot/Support.ps1
    # Nothing listens there: a network that is down.
    $down = @{
        REPLICATE_TRUST = 's3://away'
        REPLICATE_STATE = [IO.Directory]::CreateTempSubdirectory('replicate-state-').FullName
        AWS_ENDPOINT_URL_S3 = 'http://127.0.0.1:9'; AWS_ACCESS_KEY_ID = 'none'; AWS_SECRET_ACCESS_KEY = 'none'; AWS_REGION = 'us-east-1'
    }
    $before = @{}
    foreach ($name in $down.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $down[$name])
    }
}
AfterAll {
    foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    Exit-Project
}

Describe 'A remote repository that does not answer' {
    BeforeAll {
        $project = Enter-Project
        Set-Content replicate.yaml 'repository: "s3://away"'
        Set-Content model.pth weights
        $exp = New-ReplicateExperiment -Path model.pth -NoHeartbeat -WarningVariable first -WarningAction SilentlyContinue
    }

    It 'keeps what is recorded, and warns once' {
        $exp | Add-ReplicateCheckpoint -Metrics @{ loss = 1 } -Path model.pth -PassThru -WarningVariable second | Should -Not -BeNullOrEmpty
        $exp.Pending | Should -BeTrue
        @($first).Count | Should -Be 1
        $first[0] | Should -BeLike "The repository 's3://away' does not answer.*"
        $second | Should -BeNullOrEmpty
        @(Get-ChildItem $env:REPLICATE_STATE -Recurse -Filter *.tar.gz).Count | Should -Be 2
    }

    It 'makes Sync-ReplicateRepository an error that says what to do' {
        $failure = Get-Failure { Sync-ReplicateRepository }
        $failure.FullyQualifiedErrorId | Should -BeLike 'StoreUnreachable,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'AWS_ENDPOINT_URL_S3'
        @(Get-ChildItem $env:REPLICATE_STATE -Recurse -Filter *.tar.gz).Count | Should -Be 2
    }
}

Describe 'A remote repository that only a configuration file names' {
    BeforeAll {
        $null = Enter-Project
        Set-Content replicate.yaml 'repository: "s3://theirs"'
        $pipeline = $env:TF_BUILD, $env:GITHUB_ACTIONS
        $env:TF_BUILD = $env:GITHUB_ACTIONS = $null
    }
    AfterAll { $env:TF_BUILD, $env:GITHUB_ACTIONS = $pipeline }

    It 'gets nothing by <_> before the user trusts it' -ForEach @(
        'New-ReplicateExperiment -NoHeartbeat', "Invoke-ReplicateExperiment { 'loss=1' }", 'Invoke-ReplicateExperiment -FilePath pwsh'
    ) {
        $failure = Get-Failure ([scriptblock]::Create($_))
        $failure.FullyQualifiedErrorId | Should -BeLike 'RepositoryNotTrusted,*'
        $failure.CategoryInfo.Category | Should -Be PermissionDenied
        $failure.ErrorDetails.RecommendedAction | Should -Match 'REPLICATE_TRUST=s3://theirs'
    }

    It 'is trusted from the time when it was named with -Repository' {
        $null = New-ReplicateExperiment -NoHeartbeat -Repository s3://theirs -WarningAction SilentlyContinue
        $exp = New-ReplicateExperiment -NoHeartbeat -Note kept -WarningAction SilentlyContinue
        $exp.Note | Should -Be kept
        $exp.Pending | Should -BeTrue
    }

    It 'is trusted where Initialize-ReplicateProject wrote it' {
        $null = Enter-Project
        $null = Initialize-ReplicateProject -Repository s3://mine
        (New-ReplicateExperiment -NoHeartbeat -Note kept -WarningAction SilentlyContinue).Note | Should -Be kept
    }
}

Describe 'Who is signed in with Az PowerShell in this session' {
    It 'is found by the threads that send' {
        # A module of that name, as far as it is asked.
        $module = (New-Item "TestDrive:/Az.Accounts" -ItemType Directory).FullName
        Invoke-Pwsh @"
            New-ModuleManifest '$module/Az.Accounts.psd1' -NestedModules Microsoft.Azure.PowerShell.Cmdlets.Accounts.dll -CmdletsToExport '*'
            Add-Type -OutputAssembly '$module/Microsoft.Azure.PowerShell.Cmdlets.Accounts.dll' -TypeDefinition @'
                using System;
                using System.Management.Automation;
                public static class Context { public static string User; }
                [Cmdlet("Connect", "AzAccount")]
                public class Connect : PSCmdlet { protected override void EndProcessing() { Context.User = "ben"; } }
                [Cmdlet("Get", "AzAccessToken")]
                public class Get : PSCmdlet {
                    [Parameter] public string ResourceUrl { get; set; }
                    protected override void EndProcessing() {
                        if (Context.User == null) { throw new InvalidOperationException("Run Connect-AzAccount to login."); }
                        var secret = new System.Net.NetworkCredential("", Context.User + " at " + ResourceUrl).SecurePassword;
                        var token = new PSObject();
                        token.Properties.Add(new PSNoteProperty("Token", secret));
                        token.Properties.Add(new PSNoteProperty("ExpiresOn", DateTimeOffset.UtcNow.AddHours(1)));
                        WriteObject(token);
                    }
                }
'@
"@ | Should -BeNullOrEmpty
        $script = @"
            Import-Module '$manifest'
            `$signIn = [Replicate.Project].Assembly.GetType('Replicate.Adapters.HostSignIn').GetProperty('Find').GetValue(`$null)
            function Find { `$signIn.Invoke('https://storage.azure.com/', [Threading.CancellationToken]::None).Result }
            "before: `$(`$null -eq (Find))"
            `$env:PSModulePath = '$(Split-Path $module)' + [IO.Path]::PathSeparator + `$env:PSModulePath
            Import-Module Az.Accounts

            # Add-Type gives an assembly another name than its file.
            `$named = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly('Microsoft.Azure.PowerShell.Cmdlets.Accounts', 'Run')
            "nobody: `$(`$null -eq (Find))"
            Connect-AzAccount
            (Find).Text
"@
        Invoke-Pwsh $script | Should -Be 'before: True', 'nobody: True', 'ben at https://storage.azure.com/'
    }
}

Describe 'Sync-ReplicateRepository' {
    It 'has nothing to do on a disk, nor with -WhatIf' {
        $null = Enter-Project
        $null = New-ReplicateExperiment -NoHeartbeat
        Sync-ReplicateRepository | Should -BeNullOrEmpty
        Sync-ReplicateRepository -Repository s3://away -WhatIf | Should -BeNullOrEmpty
    }
}
