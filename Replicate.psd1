@{
    RootModule           = 'bin/Replicate.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '593ea0a6-d9c3-4993-ad68-9030552be712'
    Author               = 'The Replicate for PowerShell authors'
    CompanyName          = 'The Replicate for PowerShell authors'
    Copyright            = 'MIT License'
    Description          = 'Version control for machine learning: records the code, params, metrics and files of training runs, and lists, compares and checks them out again.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('module/Replicate.Types.ps1xml')
    FormatsToProcess     = @('module/Replicate.Format.ps1xml')
    CmdletsToExport      = @(
        'Add-ReplicateCheckpoint'
        'Compare-ReplicateCheckpoint'
        'Copy-ReplicateExperiment'
        'Export-ReplicatePlot'
        'Export-ReplicateReport'
        'Get-ReplicateCheckpoint'
        'Get-ReplicateExperiment'
        'Get-ReplicateFile'
        'Get-ReplicateLog'
        'Get-ReplicateName'
        'Get-ReplicateProject'
        'Get-ReplicateSweep'
        'Initialize-ReplicateProject'
        'Invoke-ReplicateExperiment'
        'New-ReplicateExperiment'
        'Open-ReplicateFile'
        'Remove-ReplicateCheckpoint'
        'Remove-ReplicateExperiment'
        'Repair-ReplicateRepository'
        'Restore-ReplicateCheckpoint'
        'Set-ReplicateCheckpoint'
        'Set-ReplicateExperiment'
        'Show-ReplicatePlot'
        'Stop-ReplicateExperiment'
        'Sync-ReplicateRepository'
        'Test-ReplicateRepository'
        'Write-ReplicateLog'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @('arc', 'crc', 'grc', 'grx', 'irx', 'nrx', 'rrc', 'srp', 'srx')
    VariablesToExport    = @()
    HelpInfoUri          = 'https://github.com/replicate-powershell/replicate-powershell/releases/latest/download/'
    PrivateData          = @{
        PSData = @{
            Tags         = @('MachineLearning', 'Experiments', 'Training', 'VersionControl', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://github.com/replicate-powershell/replicate-powershell'
            IconUri      = 'https://github.com/replicate-powershell/replicate-powershell/raw/main/packaging/icon.png'
        }
    }
}
