# The colours of a dark terminal: the eight, then the bright eight.
$palette = '#1b1f24', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#76e3ea', '#d0d7de',
    '#8b949e', '#ffa198', '#aff5b4', '#f2cc60', '#a5d6ff', '#e2c5ff', '#b3f0ff', '#ffffff'

# One of the 256 colours: those of the palette, a cube of 6 x 6 x 6, 24 greys.
function Get-IndexedColor([int] $Index) {
    if ($Index -lt 16) { return $palette[$Index] }
    $levels = 0, 95, 135, 175, 215, 255
    $cube = $Index - 16
    $parts = if ($Index -lt 232) { foreach ($step in 36, 6, 1) { $levels[[Math]::Floor($cube / $step) % 6] } }
    else { , (8 + 10 * ($Index - 232)) * 3 }
    '#{0:x2}{1:x2}{2:x2}' -f @([int[]] $parts)
}

# Reads the numbers of one SGR sequence into a style.
function Update-Style([hashtable] $Style, [int[]] $Codes) {
    for ($i = 0; $i -lt $Codes.Count; $i++) {
        switch ($Codes[$i]) {
            0 { $Style.Color = $null; $Style.Bold = $Style.Italic = $false }
            1 { $Style.Bold = $true }
            3 { $Style.Italic = $true }
            22 { $Style.Bold = $false }
            23 { $Style.Italic = $false }
            { $_ -in 30..37 } { $Style.Color = $palette[$_ - 30] }
            { $_ -in 90..97 } { $Style.Color = $palette[$_ - 82] }
            38 {
                if ($Codes[$i + 1] -eq 2) { $Style.Color = '#{0:x2}{1:x2}{2:x2}' -f $Codes[($i + 2)..($i + 4)]; $i += 4 }
                else { $Style.Color = Get-IndexedColor $Codes[$i + 2]; $i += 2 }
            }
            39 { $Style.Color = $null }
        }
    }
}

<#
.SYNOPSIS
Draws lines of text with ANSI colours as the window of a terminal.
#>
function ConvertTo-TerminalSvg([string[]] $Line, [int] $Columns) {
    $cell, $row, $margin = 8.4, 19, 18
    $last = $Line.Count
    while ($last -gt 0 -and ($Line[$last - 1] -replace '\e\[[\d;]*m').Trim() -in '', 'PS>') { $last-- }
    $width, $height = [Math]::Ceiling($Columns * $cell + 2 * $margin), ($last * $row + 2 * $margin)
    $invariant = [cultureinfo]::InvariantCulture

    [string]::Format($invariant, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">', $width, $height)
    '<title>A PowerShell session with Replicate</title>'
    '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>'
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, DejaVu Sans Mono, monospace" font-size="14" fill="#d0d7de" xml:space="preserve">'
    $style = @{ Color = $null; Bold = $false; Italic = $false }
    for ($y = 0; $y -lt $last; $y++) {
        $x = 0
        foreach ($part in [regex]::Matches($Line[$y], '\e\[(?<codes>[\d;]*)m|(?<text>[^\e]+)')) {
            if (-not $part.Groups['text'].Success) {
                Update-Style $style @($part.Groups['codes'].Value -split ';' | ForEach-Object { [int] $_ })
                continue
            }
            foreach ($word in [regex]::Matches($part.Value, '\S+(?: \S+)*')) {
                $attributes = $style.Color ? " fill=`"$($style.Color)`"" : ''
                $attributes += $style.Bold ? ' font-weight="bold"' : ''
                $attributes += $style.Italic ? ' font-style="italic"' : ''
                [string]::Format($invariant, '<text x="{0:0.#}" y="{1}" textLength="{2:0.#}"{3}>{4}</text>',
                    ($margin + ($x + $word.Index) * $cell), ($margin + $y * $row + 14), ($word.Length * $cell),
                    $attributes, [Security.SecurityElement]::Escape($word.Value))
            }
            $x += $part.Length
        }
    }
    '</g>'
    '</svg>'
}
