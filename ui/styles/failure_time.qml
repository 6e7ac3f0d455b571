<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.9" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="48">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="48">
          <item value="0" color="#5e1391" alpha="255" label="0 h (before the rain)"/>
          <item value="3" color="#b10026" alpha="255" label="0 to 3 h"/>
          <item value="6" color="#e31a1c" alpha="255" label="3 to 6 h"/>
          <item value="12" color="#fc4e2a" alpha="255" label="6 to 12 h"/>
          <item value="18" color="#fd8d3c" alpha="255" label="12 to 18 h"/>
          <item value="24" color="#feb24c" alpha="255" label="18 to 24 h"/>
          <item value="48" color="#fed976" alpha="255" label="24 to 48 h"/>
          <item value="inf" color="#ffffb2" alpha="255" label="more than 48 h"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
