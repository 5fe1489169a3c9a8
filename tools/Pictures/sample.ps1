#!/usr/bin/env pwsh
# Writes the sample repository that pictures are made of: 65 runs of 100 checkpoints, with code and pictures, the same each time.
# It is written by the format (docs/FORMAT.md) rather than recorded, so that ids, dates and numbers are fixed.
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Repository)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$random = [Random]::new(17)
$null = New-Item $Repository/metadata/experiments, $Repository/metadata/heartbeats, $Repository/experiments, $Repository/checkpoints -ItemType Directory -Force
[IO.File]::WriteAllText("$Repository/repository.json", '{"version":1}')

function New-Id {
    $bytes = [byte[]]::new(32)
    $random.NextBytes($bytes)
    [Convert]::ToHexString($bytes).ToLowerInvariant()
}

function Get-Normal { [Math]::Sqrt(-2 * [Math]::Log(1 - $random.NextDouble())) * [Math]::Cos(2 * [Math]::PI * $random.NextDouble()) }

function Write-Tarball([string] $Path, [string] $Id, [System.Collections.IDictionary] $Files) {
    $file = [IO.File]::Create($Path)
    $gzip = [IO.Compression.GZipStream]::new($file, [IO.Compression.CompressionLevel]::Optimal)
    $tar = [Formats.Tar.TarWriter]::new($gzip, [Formats.Tar.TarEntryFormat]::Ustar)
    foreach ($name in $Files.Keys) {
        $entry = [Formats.Tar.UstarTarEntry]::new('RegularFile', "$Id/$name")
        $entry.ModificationTime = [DateTimeOffset]::UnixEpoch
        $content = $Files[$name]
        $entry.DataStream = [IO.MemoryStream]::new($content -is [byte[]] ? $content : [Text.Encoding]::UTF8.GetBytes($content))
        $tar.WriteEntry($entry)
    }
    $tar.Dispose(); $gzip.Dispose(); $file.Dispose()
}

# A confusion matrix that gets sharper with the steps.
function Get-Confusion([double] $Accuracy) {
    $cells = foreach ($row in 0..4) {
        foreach ($column in 0..4) {
            $share = $row -eq $column ? $Accuracy : (1 - $Accuracy) / 4
            '<rect x="{0}" y="{1}" width="38" height="38" fill="rgb({2},{3},{4})"/><text x="{5}" y="{6}" font-size="11" text-anchor="middle" fill="{7}">{8:0.00}</text>' -f
                (40 * $column + 1), (40 * $row + 1), [int](235 - 200 * $share), [int](240 - 150 * $share), [int](250 - 60 * $share),
                (40 * $column + 20), (40 * $row + 24), ($share -gt 0.5 ? '#fff' : '#333'), $share
        }
    }
    "<svg xmlns=`"http://www.w3.org/2000/svg`" width=`"200`" height=`"200`" font-family=`"sans-serif`">$($cells -join '')</svg>"
}

foreach ($run in 0..64) {
    $id = New-Id
    $created = [DateTime]::new(2026, 11, 2, 9, 0, 0, [DateTimeKind]::Utc).AddMinutes(197 * $run + $random.Next(60))
    $params = [ordered]@{
        batch_size = (32, 64, 128)[$random.Next(3)]
        dropout = [Math]::Round($random.NextDouble() * 0.5, 2)
        hidden_layers = $random.Next(1, 6)
        learning_rate = [double]('{0:g2}' -f [Math]::Pow(10, -4 + 3 * $random.NextDouble()))
        optimizer = ('adam', 'rmsprop', 'sgd')[$random.Next(3)]
        seed = 7
    }
    $distance = [Math]::Log10($params.learning_rate) + ($params.optimizer -eq 'sgd' ? 1.6 : 2.6)
    $floor = 0.22 + 0.09 * $distance * $distance + 0.25 * [Math]::Pow($params.dropout - 0.2, 2) + 0.012 * [Math]::Abs($params.hidden_layers - 3) + 0.008 * (Get-Normal)
    $status = switch ($run) { 20 { 'lost' } 33 { 'failed' } 47 { 'failed' } 58 { 'interrupted' } 61 { 'lost' } default { 'completed' } }
    $count = $status -eq 'completed' ? 100 : $random.Next(25, 80)
    $speed = 12 + 10 * $random.NextDouble()
    $seconds = 20 + $random.Next(30)
    $best = $null
    $checkpoints = foreach ($step in 0..($count - 1)) {
        $loss = [Math]::Round($floor * 0.9 + 1.9 * [Math]::Exp(-$step / $speed) + 0.012 * [Math]::Abs((Get-Normal)), 5)
        $validation = [Math]::Round($floor + 1.8 * [Math]::Exp(-$step / $speed) + 0.0009 * [Math]::Max(0, $step - 60) + 0.016 * (Get-Normal), 5)
        $checkpoint = [ordered]@{
            id = New-Id; created = $created.AddSeconds($seconds * ($step + 1)).ToString('o')
            metrics = [ordered]@{ accuracy = [Math]::Round([Math]::Max(0.1, 1 - $validation * 0.42), 5); learning_rate_now = [double]('{0:g3}' -f ($params.learning_rate * (1 - $step / 100))); loss = $loss; val_loss = $validation }
            step = $step; path = ''; primary_metric = @{ name = 'val_loss'; goal = 'minimize' }
        }
        if ($null -eq $best -or $validation -le $best.metrics.val_loss) { $best = $checkpoint }
        $checkpoint
    }
    foreach ($checkpoint in $checkpoints | Where-Object { $_.step % 20 -eq 19 -or $_.step -eq $best.step }) {
        $checkpoint.path = 'out'
        $weights = [byte[]]::new(4096)
        $random.NextBytes($weights)
        Write-Tarball "$Repository/checkpoints/$($checkpoint.id).tar.gz" $checkpoint.id ([ordered]@{
            'out/confusion.svg' = Get-Confusion $checkpoint.metrics.accuracy
            'out/model.bin' = $weights
            'out/predictions.csv' = "image,label,score`n" + (-join (0..19 | ForEach-Object { '{0:000}.jpg,{1},{2:0.000}' -f $_, ('cat', 'dog', 'bird')[$random.Next(3)], $random.NextDouble(); "`n" }))
        })
    }
    $code = @(
        'import torch', 'from torch import nn', '', 'from data import batches', '', '', 'def build(hidden_layers, dropout):', '    """A small network for pictures."""'
        '    layers = [nn.Flatten()]', '    for _ in range(hidden_layers):', "        layers += [nn.LazyLinear(256), nn.$($run % 3 ? 'ReLU' : 'GELU')(), nn.Dropout(dropout)]"
        '    return nn.Sequential(*layers, nn.LazyLinear(5))', '', '', 'def train(model, optimizer, epochs=100):', '    for epoch in range(epochs):', '        for x, y in batches():'
        "            loss = nn.functional.cross_entropy(model(x), y$($run -gt 40 ? ', label_smoothing=0.05' : ''))", '            optimizer.zero_grad()', '            loss.backward()'
        if ($run % 4 -eq 0) { '            nn.utils.clip_grad_norm_(model.parameters(), 1.0)' }
        '            optimizer.step()'
    ) -join "`n"
    Write-Tarball "$Repository/experiments/$id.tar.gz" $id ([ordered]@{
        'README.md' = "# Pictures of animals`n`nThree kinds, one small network.`n"
        'src/train.py' = "$code`n"
        'src/data.py' = "def batches():`n    yield from loader`n"
        'config/train.yaml' = "epochs: 100`nbatch_size: $($params.batch_size)`noptimizer: $($params.optimizer)`n"
        'requirements.txt' = "torch==2.9.0`nnumpy==2.3.4`n"
    })
    $extension = [ordered]@{
        environment = [ordered]@{ cpu = 'AMD EPYC 7B13'; gpu = 'NVIDIA L4'; os = 'Debian GNU/Linux 12' }
        git = [ordered]@{ branch = $run -gt 40 ? 'smoothing' : 'main'; commit = '{0:x8}' -f (1234567890 + [int]($run / 5)) }
    }
    if ($status -ne 'lost') {
        $extension = [ordered]@{ status = $status; exit_code = $status -eq 'failed' ? 1 : 0; ended = $created.AddSeconds($seconds * ($count + 1)).ToString('o') } + $extension
    }
    if ($status -eq 'failed') { $extension.error_output = "Traceback (most recent call last):`n  File `"src/train.py`", line 20, in train`ntorch.OutOfMemoryError: CUDA out of memory.`n" }
    if ($run -eq 50) { $extension.tags = @('candidate'); $extension.note = 'Smoothing helps from here on.' }
    $metadata = [ordered]@{
        id = $id; created = $created.ToString('o'); params = $params; host = ('gpu-1', 'gpu-2')[$run % 2]; user = ('ben', 'lea', 'kim')[$run % 3]
        config = [ordered]@{ repository = 's3://animals'; storage = '' }
        command = "python src/train.py --lr $($params.learning_rate) --optimizer $($params.optimizer)"; path = '.'; python_version = '3.13.1'
        python_packages = [ordered]@{ numpy = '2.3.4'; torch = $run -gt 30 ? '2.9.0' : '2.8.0' }
        checkpoints = @($checkpoints); replicate_version = '0.1.14'; powershell = $extension
    }
    [IO.File]::WriteAllText("$Repository/metadata/experiments/$id.json", ($metadata | ConvertTo-Json -Depth 10))
    if ($status -eq 'lost') {
        $last = @{ experiment_id = $id; last_heartbeat = $created.AddSeconds($seconds * $count + 9).ToString('o') }
        [IO.File]::WriteAllText("$Repository/metadata/heartbeats/$id.json", ($last | ConvertTo-Json))
    }
}
