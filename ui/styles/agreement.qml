<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1.0" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
        <paletteEntry value="1" color="#0072b2" alpha="240" label="both failed (TP)"/>
        <paletteEntry value="2" color="#ffd400" alpha="240" label="only predicted (FP)"/>
        <paletteEntry value="3" color="#d55e00" alpha="240" label="only in the reference (FN)"/>
        <paletteEntry value="0" color="#b4b4b4" alpha="150" label="both stable (TN)"/>
      </colorPalette>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
